"""What we ask of whoever keeps client tasks and notes: some to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from domain.client_notes import ClientNote
from domain.client_tasks import ClientTask


class ClientTaskSource(Protocol):
    """Tasks and notes as they are committed."""

    async def tasks(self, ids: Collection[str]) -> Sequence[ClientTask]:
        """Those that are kept of these."""
        ...

    async def open_of(self, associate_id: str, *, limit: int) -> Sequence[ClientTask]:
        """What is kept for an associate to do, the first day first."""
        ...

    async def notes(self, ids: Sequence[str]) -> Sequence[ClientNote | None]:
        """Notes by id, in the order asked; None where there is none."""
        ...

    async def notes_on(self, member_ids: Collection[str], *, limit: int) -> Mapping[str, Sequence[ClientNote]]:
        """The newest notes on each member, the newest first, at most so many each."""
        ...


class ClientTaskBook(Protocol):
    """Tasks and notes inside a unit of work."""

    async def locked(self, id: str) -> ClientTask | None:
        """The task of this id, if it is kept, locked until the work ends."""
        ...

    async def write(self, task: ClientTask) -> None:
        """Keep a task as it stands now."""
        ...

    async def note(self, note: ClientNote) -> None:
        """Keep a note."""
        ...

    async def hand_over(self, associate_id: str, *, to: str) -> None:
        """Make what an associate has to do another's to do."""
        ...

    async def give(
        self, *, owner: str, to: str, only: Mapping[str, Collection[str]] | None = None
    ) -> Mapping[str, Sequence[str]]:
        """Make the tasks and notes on a member another's, all or only these; return the ids of each kind."""
        ...

    async def forget(self, member_id: str) -> None:
        """Delete the tasks and notes on a member."""
        ...
