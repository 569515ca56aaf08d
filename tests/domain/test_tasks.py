"""What waits at a store comes in the order in which it is due."""

from dataclasses import replace

from domain.channels import Channel
from domain.counting import CountState, StockCount
from domain.reservations import Reservation, ReservationKind, ReservationLine
from domain.tasks import TaskKind, tasks_at
from domain.transfers import Transfer, TransferLine, TransferState
from tests.builders import NOW, minutes

COUNT = StockCount("c", "A", CountState.OPEN, (), "", "a-1", NOW - minutes(9))
TRANSFER = Transfer("t", "A", "B", TransferState.REQUESTED, (TransferLine("L", 1),), "", "a-1", NOW, NOW)
RESERVATION = Reservation(
    id="r",
    client="m-1",
    idempotency_key="k",
    request_hash="",
    kind=ReservationKind.STORE_RESERVE,
    channel=Channel.APP,
    lines=(ReservationLine("L", "A", 1),),
    reference=None,
    created_at=NOW,
    expires_at=NOW + minutes(60),
    extendable_until=NOW + minutes(60),
)


def test_the_first_deadline_comes_first_then_what_has_none_the_oldest_first() -> None:
    soon = replace(TRANSFER, id="soon", expected_at=NOW + minutes(30))
    tasks = tasks_at("A", reservations=[RESERVATION], counts=[COUNT], transfers=[TRANSFER, soon])
    assert [(task.kind.value, task.subject.id) for task in tasks] == [
        ("APPROVE_TRANSFER", "soon"),
        ("KEEP_READY", "r"),
        ("COUNT", "c"),
        ("APPROVE_TRANSFER", "t"),
    ]


def test_what_is_due_at_once_comes_the_longest_waiting_first_and_then_by_name() -> None:
    """Whoever pages through tasks, or asks again, finds them where they were."""
    at_once = [replace(COUNT, id=id, opened_at=NOW - minutes(age)) for id, age in (("z", 9), ("b", 1), ("a", 1))]
    tasks = tasks_at("A", reservations=[], counts=at_once, transfers=[])
    assert [task.subject.id for task in tasks] == ["z", "a", "b"]


def test_each_end_of_a_transfer_has_its_own_part_to_do() -> None:
    seen: dict[TransferState, tuple[list[TaskKind], ...]] = {}
    for state in TransferState:
        transfer = replace(TRANSFER, state=state)
        seen[state] = tuple(
            [task.kind for task in tasks_at(place, reservations=[], counts=[], transfers=[transfer])] for place in "AB"
        )
    assert {state.value: kinds for state, kinds in seen.items() if kinds != ([], [])} == {
        "REQUESTED": ([TaskKind.APPROVE_TRANSFER], []),
        "APPROVED": ([TaskKind.PICK_TRANSFER], []),
        "PICKED": ([TaskKind.SHIP_TRANSFER], []),
        "IN_TRANSIT": ([], [TaskKind.RECEIVE_TRANSFER]),
        "RECEIVED": ([], [TaskKind.RECEIVE_TRANSFER]),
    }
