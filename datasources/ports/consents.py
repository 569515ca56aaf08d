"""What we ask of whoever keeps consents."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from domain.consents import Consent


class ConsentSource(Protocol):
    """What members said, last."""

    async def consents(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Consent]]:
        """The last word per purpose and channel, by member; a member who said nothing is not in it."""
        ...

    async def history(self, member_ids: Collection[str], *, limit: int) -> Mapping[str, Sequence[Consent]]:
        """Everything that was ever said, the last first, at most so much of each member."""
        ...


class ConsentBook(Protocol):
    """Consents inside a unit of work."""

    async def consents(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Consent]]:
        """As those that are committed, and what was said in this work."""
        ...

    async def write(self, said: Mapping[str, Collection[Consent]]) -> None:
        """Keep these as each member's last word, and for good that they were said."""
        ...

    async def replace(self, said: Mapping[str, Collection[Consent]]) -> None:
        """Let these be all the last words of each member; nobody has said them just now."""
        ...

    async def forget(self, member_id: str) -> None:
        """Keep that something was said, and delete where, and to which text."""
        ...
