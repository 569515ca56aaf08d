"""What we ask of whoever keeps what was merged, and what waits for a person's word."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.merging import Merge, MergeCase


class MergeSource(Protocol):
    """Merges and cases as they are committed."""

    async def merges(self, ids: Sequence[str]) -> Sequence[Merge | None]:
        """Merges by id, in the order asked; None where there is none."""
        ...

    async def into(self, member_ids: Collection[str], *, limit: int) -> Mapping[str, Sequence[Merge]]:
        """The newest merges into each member that were not taken back, at most so many each."""
        ...

    async def cases(self, ids: Sequence[str]) -> Sequence[MergeCase | None]:
        """Cases by id, in the order asked; None where there is none."""
        ...

    async def open_cases(self, *, after: tuple[datetime, str] | None, limit: int) -> Sequence[MergeCase]:
        """Cases without a decision, the oldest first, after (opened at, id) where that is given."""
        ...


class MergeBook(Protocol):
    """Merges and cases inside a unit of work, whose members are locked already."""

    async def merge(self, id: str) -> Merge | None:
        """A merge, locked."""
        ...

    async def case(self, id: str) -> MergeCase | None:
        """A case, locked."""
        ...

    async def latest_case(self, pair: Collection[str]) -> MergeCase | None:
        """The newest case of these two, if there was one."""
        ...

    async def write_merge(self, merge: Merge) -> None:
        """Keep a merge as it stands now."""
        ...

    async def write_case(self, case: MergeCase) -> None:
        """Keep a case as it stands now."""
        ...

    async def forget(self, member_id: str) -> None:
        """Delete every merge and case in which this member had a part: they say who somebody was."""
        ...
