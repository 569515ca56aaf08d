"""What we ask of whoever keeps points and store credit: standings and statements to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from domain.accounts import Account
from domain.facts import Fact, Name, Side
from domain.standings import Entry, Standing

AccountKey = tuple[str, str]
"""(member, programme)."""


class Since(NamedTuple):
    """The transactions of an account that were written after one of its versions, up to another."""

    key: AccountKey
    after: int
    upto: int


class PointsSource(Protocol):
    """Points and credit as they are committed. A CRM that owns points answers this."""

    async def standings(
        self, member_ids: Collection[str], programmes: Collection[str]
    ) -> Mapping[AccountKey, Standing]:
        """What these members have of these programmes; whoever never had any is not in it."""
        ...

    async def as_of(self, member_ids: Collection[str], programme: str, at: datetime) -> Mapping[str, Standing]:
        """What they had at a moment, by what is known now: the fold of the postings up to it (PTS-2)."""
        ...

    async def history(
        self, member_ids: Collection[str], *, programme: str | None, limit: int, before: tuple[datetime, str] | None
    ) -> Mapping[str, Sequence[Entry]]:
        """The newest entries of each member's statement, at most so many each, older than (occurred at, id)."""
        ...

    async def since(self, wanted: Collection[Since]) -> Mapping[AccountKey, Sequence[Entry]]:
        """What was written between two versions of accounts, in the order it was: nothing is left out (LIV-1)."""
        ...

    async def due(self, now: datetime, *, limit: int) -> Sequence[AccountKey]:
        """Accounts that hold something free that is no longer good."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """An account, and its version; 0 where it was never written."""

    account: Account
    version: int


@dataclass(frozen=True, slots=True)
class Line:
    """A posting as the book keeps it: of which transaction, when, onto which side, of which lot."""

    name: Name
    occurred_at: datetime
    side: Side
    lot: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is written of one account: how it stands now, what was told, and the postings that come to it.

    `derived`: transactions that nobody told of this account: what the clock did, or what came waiting with a merge.
    `undone`: those of them that are no more, once all is counted anew.
    """

    key: AccountKey
    before: Account
    after: Account
    version: int
    facts: Sequence[Fact]
    derived: Sequence[tuple[Name, datetime]]
    undone: Sequence[Name]
    postings: Mapping[Line, int]


class PointsBook(Protocol):
    """Points inside a unit of work. An account that is locked, nobody else changes: there balances are decided."""

    async def locked(
        self, keys: Collection[AccountKey], *, refs: Collection[str] | None = None
    ) -> Mapping[AccountKey, Stored]:
        """These accounts, new ones empty, locked in the order of their keys until the work ends.

        With refs, no more of each than is open, or was earned or frozen under one of them; None: all of it.
        """
        ...

    async def known(self, names: Mapping[AccountKey, Collection[Name]]) -> Mapping[AccountKey, Collection[Name]]:
        """Which of these facts were told before, of these accounts or of those joined to them (PTS-5)."""
        ...

    async def told(self, keys: Collection[AccountKey]) -> Mapping[AccountKey, Sequence[Fact]]:
        """All facts that count in these accounts."""
        ...

    async def posted(self, keys: Collection[AccountKey]) -> Mapping[AccountKey, Mapping[Line, int]]:
        """All postings of these accounts, summed up by line."""
        ...

    async def write(self, changes: Sequence[Change], *, now: datetime) -> None:
        """Keep changed accounts, and what changed them."""
        ...

    async def programmes_of(self, member_id: str) -> Sequence[str]:
        """The programmes a member has an account in."""
        ...

    async def give(self, *, owner: str, to: str, members: Collection[str] | None = None) -> Collection[str]:
        """Let facts of an owner count as told of another: all, or those in these members' accounts; say in whose."""
        ...

    async def forget(self, member_id: str) -> None:
        """Keep no reasons of what was told of a member."""
        ...

    async def void(self, key: AccountKey, names: Collection[Name]) -> None:
        """Let facts count no more."""
        ...
