"""What we ask of whoever keeps tags of members: some to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from domain.tags import Key, Tag


class MemberTagSource(Protocol):
    """Tags as they are committed, those that have ended too."""

    async def tags(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Tag]]:
        """The newest word on each path, by member; a member of whom nothing was said is not in it."""
        ...


class MemberTagBook(MemberTagSource, Protocol):
    """Tags inside a unit of work; whoever writes has locked the members."""

    async def write(self, said: Mapping[str, Collection[Tag]]) -> None:
        """Keep these as the newest words on their paths, by member."""
        ...

    async def forget(self, member_id: str, keys: Collection[Key] | None = None) -> None:
        """Delete what was said on these paths of a member, or (None) all that was ever said of them."""
        ...
