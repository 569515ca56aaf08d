"""What we ask of whoever knows which associates look after whom, and who came into which store."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from domain.bindings import Binding
from domain.client_tasks import Looked
from domain.visits import Visit


class ClientSource(Protocol):
    """Bindings and visits as they are committed."""

    async def seen_by(
        self, *, associate_id: str, location_id: str | None, member_ids: Collection[str], now: datetime
    ) -> frozenset[str]:
        """Those of these members that are bound to the associate now, or visited the location of late (CLI-1)."""
        ...

    async def held(self, member_ids: Collection[str], now: datetime) -> Mapping[str, Binding]:
        """Who looks after these members now, by member."""
        ...

    async def clients_of(
        self, associate_id: str, now: datetime, *, limit: int, after: str | None = None
    ) -> Sequence[Binding]:
        """An associate's clients now, by member id, from the one after `after` on."""
        ...

    async def birthdays(
        self, associate_id: str, days: Collection[tuple[int, int]], now: datetime, *, limit: int
    ) -> Mapping[str, date]:
        """When those of an associate's clients were born who were born on one of these (month, day)."""
        ...

    async def looked_at(
        self, associate_id: str, *, since: datetime, times: int, now: datetime, limit: int
    ) -> Sequence[Looked]:
        """What an associate's clients looked at so many times since then, the last first; consents are not asked."""
        ...

    async def visits_at(self, location_id: str, *, since: datetime, limit: int) -> Sequence[Visit]:
        """Who was at a location since then: the last to come, at most so many, in the order in which they came."""
        ...

    async def last_visits(self, member_ids: Collection[str], *, location_id: str | None) -> Mapping[str, datetime]:
        """When these members were last at a location; None: at any."""
        ...


class ClientBook(Protocol):
    """Bindings and visits inside a unit of work. Whoever binds a member has locked them (MemberBook)."""

    async def open(self, member_ids: Collection[str]) -> Mapping[str, Binding]:
        """The one binding of each member that nobody has ended, by member; it may have run out."""
        ...

    async def open_of(self, associate_id: str) -> Collection[str]:
        """The members whose open binding is to an associate."""
        ...

    async def history(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Binding]]:
        """All bindings there ever were of these members, by member, the oldest first.

        Then come those of whoever was merged into them: they count for what was ordered before.
        """
        ...

    async def write(self, bindings: Sequence[Binding]) -> None:
        """Keep bindings as they stand now, in this order: what ends before what begins.

        Raises:
            Raced: a member would have two that are open (CLI-5).
        """
        ...

    async def visits_of(self, member_id: str) -> Sequence[Visit]:
        """Where a member was, by location."""
        ...

    async def came(self, visits: Sequence[Visit]) -> None:
        """Keep when members were last where."""
        ...

    async def forget_visits(self, member_id: str) -> None:
        """Know no more where a member was."""
        ...
