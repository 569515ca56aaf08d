"""Tasks: what waits to be done at a store, derived from what there is; nobody keeps a list of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from domain.counting import CountState, StockCount
from domain.reservations import Reservation
from domain.transfers import Transfer, TransferState


class TaskKind(Enum):
    """What is to be done."""

    KEEP_READY = "KEEP_READY"
    COUNT = "COUNT"
    APPROVE_COUNT = "APPROVE_COUNT"
    APPROVE_TRANSFER = "APPROVE_TRANSFER"
    PICK_TRANSFER = "PICK_TRANSFER"
    SHIP_TRANSFER = "SHIP_TRANSFER"
    RECEIVE_TRANSFER = "RECEIVE_TRANSFER"


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do with `subject`, by `due_at` where there is a deadline; it waits since `since`."""

    kind: TaskKind
    location_id: str
    due_at: datetime | None
    since: datetime
    subject: Reservation | StockCount | Transfer


_OF_COUNTS = {
    CountState.OPEN: TaskKind.COUNT,
    CountState.COUNTING: TaskKind.COUNT,
    CountState.SUBMITTED: TaskKind.APPROVE_COUNT,
}
_OF_SENDERS = {
    TransferState.REQUESTED: TaskKind.APPROVE_TRANSFER,
    TransferState.APPROVED: TaskKind.PICK_TRANSFER,
    TransferState.PICKED: TaskKind.SHIP_TRANSFER,
}
_OF_RECEIVERS = {
    TransferState.IN_TRANSIT: TaskKind.RECEIVE_TRANSFER,
    TransferState.RECEIVED: TaskKind.RECEIVE_TRANSFER,
}

COUNT_STATES = frozenset(_OF_COUNTS)
SENDER_STATES = frozenset(_OF_SENDERS)
RECEIVER_STATES = frozenset(_OF_RECEIVERS)
"""The states in which there is something to do."""


def tasks_at(
    location_id: str,
    *,
    reservations: Iterable[Reservation],
    counts: Iterable[StockCount],
    transfers: Iterable[Transfer],
) -> Sequence[Task]:
    """What is to be done at a location: the first deadline first, then what has none, the oldest first."""
    found = [Task(TaskKind.KEEP_READY, location_id, one.expires_at, one.created_at, one) for one in reservations]
    found += [Task(_OF_COUNTS[one.state], location_id, None, one.opened_at, one) for one in counts]
    for transfer in transfers:
        kinds = _OF_SENDERS if transfer.from_location_id == location_id else _OF_RECEIVERS
        if kind := kinds.get(transfer.state):
            found.append(Task(kind, location_id, transfer.expected_at, transfer.changed_at, transfer))
    return sorted(found, key=lambda task: (task.due_at or _NEVER, task.since, task.subject.id))


_NEVER = datetime.max.replace(tzinfo=UTC)
