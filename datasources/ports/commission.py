"""What we ask of whoever keeps the commission ledger: some to read, and a book that is only added to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.commission import Entry, EntryKind, Statement
from domain.share_tokens import ShareToken

Sums = Mapping[tuple[EntryKind, str], int]
"""Minor units by kind and currency."""


class CommissionSource(Protocol):
    """The ledger as it is committed."""

    async def entries(
        self,
        associate_id: str,
        *,
        since: datetime,
        until: datetime,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> Sequence[Entry]:
        """What was entered for an associate in [since, until), the oldest first, after (at, id)."""
        ...

    async def sums(self, associate_id: str, *, since: datetime, until: datetime) -> Sums:
        """What the same comes to."""
        ...

    async def statements(self, ids: Sequence[str]) -> Sequence[Statement | None]:
        """Paid statements by id, in the order asked; None where there is none."""
        ...

    async def tokens(self, codes: Collection[str]) -> Mapping[str, ShareToken]:
        """The share tokens that exist of these, by code."""
        ...


class CommissionBook(Protocol):
    """The ledger inside a unit of work."""

    async def of_orders(self, order_ids: Collection[str]) -> Sequence[Entry]:
        """All entries of these orders."""
        ...

    async def add(self, entries: Sequence[Entry]) -> None:
        """Enter these.

        Raises:
            Raced: another transaction entered one of them meanwhile.
        """
        ...

    async def tokens(self, codes: Collection[str]) -> Mapping[str, ShareToken]:
        """The share tokens that exist of these, by code."""
        ...

    async def issue(self, token: ShareToken) -> None:
        """Keep a new share token."""
        ...

    async def unpaid(self, associate_id: str, *, until: datetime) -> Sequence[Entry]:
        """What was entered for an associate before a moment and is not paid; locked until the work ends."""
        ...

    async def pay(self, statement: Statement, entries: Sequence[Entry]) -> None:
        """Keep a statement, and that these were paid with it."""
        ...
