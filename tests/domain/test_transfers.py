"""A transfer goes step by step, each in its turn and of what there is; what it holds and writes follows from that."""

from datetime import timedelta

import pytest

import domain.transfers
from domain.movements import MovementType
from domain.refusals.general import EmptyField, QuantityTooHigh, TransitionRefused
from domain.refusals.stock import SkuNotListed
from domain.transfers import Moved, Transfer, TransferLine, TransferState
from tests.builders import NOW
from tests.domain.sending import PATH, decided

REQUESTED = Transfer(
    "t", "A", "B", TransferState.REQUESTED, (TransferLine("L", 2), TransferLine("M", 1)), "", "a", NOW, NOW
)


@pytest.mark.parametrize("to", [TransferState.PICKED, TransferState.IN_TRANSIT, TransferState.CLOSED])
def test_a_step_out_of_turn_is_refused_with_what_can_be_done(to: TransferState) -> None:
    allowed = ("APPROVED", "REJECTED", "CANCELLED")
    assert decided(REQUESTED, to, None) == (TransitionRefused(PATH, "REQUESTED", to.value, allowed),)


def test_every_step_says_when_it_was_taken() -> None:
    """A task waits since the step before it."""
    transfer = REQUESTED
    route = ["APPROVED", "PICKED", "IN_TRANSIT", "RECEIVED", "CLOSED"]
    for hour, to in enumerate(route, start=1):
        some = {"L": 1} if to == "RECEIVED" else None
        moved = decided(transfer, TransferState(to), some, NOW + timedelta(hours=hour))
        assert isinstance(moved, Moved)
        transfer = moved.transfer
        assert (transfer.state.value, transfer.changed_at) == (to, NOW + timedelta(hours=hour))
    assert transfer.created_at == NOW


def test_what_is_picked_was_asked_for() -> None:
    approved = domain.transfers.step(REQUESTED, TransferState.APPROVED, path=PATH, now=NOW)
    assert isinstance(approved, Moved)
    lines = ("input", "lines")
    for some, wrong in (
        ({"L": 3}, [QuantityTooHigh(lines, "L", 3, 2)]),
        ({"X": 1, "M": 2}, [SkuNotListed(lines, "X"), QuantityTooHigh(lines, "M", 2, 1)]),
        ({"L": 0}, [EmptyField(lines)]),
        ({}, [EmptyField(lines)]),
    ):
        assert decided(approved.transfer, TransferState.PICKED, some) == wrong


def test_what_was_not_found_is_held_no_longer() -> None:
    approved = domain.transfers.step(REQUESTED, TransferState.APPROVED, path=PATH, now=NOW)
    assert isinstance(approved, Moved)
    assert [(line.key, line.quantity) for line in domain.transfers.to_hold(approved.transfer)] == [
        (("L", "A"), 2),
        (("M", "A"), 1),
    ]
    picked = decided(approved.transfer, TransferState.PICKED, {"L": 1})
    assert isinstance(picked, Moved)
    assert [(line.key, line.quantity) for line in domain.transfers.to_hold(picked.transfer)] == [(("L", "A"), 1)]
    shipped = decided(picked.transfer, TransferState.IN_TRANSIT, None)
    assert isinstance(shipped, Moved)
    assert domain.transfers.to_hold(shipped.transfer) == ()


def test_what_arrives_in_parts_is_written_part_by_part_and_the_rest_is_lost_STK_2() -> None:
    sent = Transfer("t", "A", "B", TransferState.IN_TRANSIT, (TransferLine("L", 5, 4, 4),), "", "a", NOW, NOW)
    once = decided(sent, TransferState.RECEIVED, {"L": 1})
    assert isinstance(once, Moved)
    twice = decided(once.transfer, TransferState.RECEIVED, {"L": 1})
    assert isinstance(twice, Moved)
    assert domain.transfers.allowed(twice.transfer) == [TransferState.RECEIVED, TransferState.CLOSED]
    closed = decided(twice.transfer, TransferState.CLOSED, None)
    assert isinstance(closed, Moved)
    assert closed.transfer.lines == (TransferLine("L", 5, 4, 4, received=2, lost=2),)
    entries = [*once.entries, *twice.entries, *closed.entries]
    assert len({entry.event_id for entry in entries}) == len(entries) == 6
    assert [entry.route.quantity for entry in entries] == [1, 1, 1, 1, 2, 2]
    assert [entry.type for entry in closed.entries] == [MovementType.ADJUSTMENT] * 2
    all_there = decided(twice.transfer, TransferState.RECEIVED, None)
    assert isinstance(all_there, Moved)
    assert domain.transfers.allowed(all_there.transfer) == [TransferState.CLOSED]
