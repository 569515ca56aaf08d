"""Units kept for somebody: all lines or none, until a moment, ended once, and given back to the last piece."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.ledger
import domain.reservations
from domain.availability import Freshness, Sight, available_to_promise
from domain.channels import Channel
from domain.movements import Count, MovementType
from domain.refusals.general import TransitionRefused
from domain.refusals.reservations import ExtensionTooLong, ReservationExpired
from domain.refusals.stock import OutOfStock
from domain.reservations import Changed, Decision, Levels, Reservation, ReservationKind, ReservationLine
from domain.reservations import ReservationState as State
from domain.stock import HOLD_SLOT, Hold, Key, StockLevel, Terms, held, slot_end, terms_of, with_terms
from tests.builders import NOW, minutes

HERE = ("input", "reservation")
L, M = ("DJ01-L", "SH001"), ("DJ01-M", "SH001")
CHANNELS = (Channel.APP, Channel.MINI_PROGRAM)
SOON = NOW + minutes(15)

slots = st.tuples(st.sampled_from([-1, 0, 1, 60]), st.sampled_from(CHANNELS), st.integers(1, 3))
terms = st.builds(Terms, st.sampled_from(CHANNELS), st.integers(0, 2), st.none() | st.integers(0, 9))
levels = st.builds(
    lambda on_hand, damaged, committed, holds, terms: replace(
        level(on_hand),
        damaged=damaged,
        committed=committed,
        holds=tuple(Hold(NOW + HOLD_SLOT * n, channel, units) for n, channel, units in holds),
        terms=tuple(terms),
    ),
    st.integers(-2, 20),
    st.integers(0, 3),
    st.integers(0, 3),
    st.lists(slots, unique_by=lambda slot: slot[:2], max_size=4),
    st.lists(terms, unique_by=lambda terms: terms.channel),
)
channels = st.sampled_from(CHANNELS)


def level(on_hand: int, key: Key = L) -> StockLevel:
    return StockLevel(*key, on_hand, 7, as_of=NOW, received_at=NOW, source="pos", counted_at=NOW, counted=on_hand)


def wish(*lines: tuple[Key, int], channel: Channel = Channel.APP, **said: Any) -> Reservation:
    """A quarter of an hour at a till, unless said otherwise."""
    plain = Reservation(
        id="r1",
        client="m-1",
        idempotency_key="k1",
        request_hash="",
        kind=ReservationKind.CHECKOUT,
        channel=channel,
        lines=tuple(ReservationLine(*key, quantity) for key, quantity in lines or [(L, 1)]),
        reference=None,
        created_at=NOW,
        expires_at=SOON,
        extendable_until=SOON + minutes(30),
    )
    return replace(plain, **said)


def create(wanted: Reservation, known: Levels, *, staff: bool = True) -> Decision:
    sight = Sight(NOW, wanted.channel, 3, lambda source: Freshness(timedelta(days=99)), sees_numbers=staff)
    return domain.reservations.create(wanted, known, sight)


def taken(decision: Decision, known: Levels) -> tuple[Reservation, dict[Key, StockLevel]]:
    """The reservation and the levels once they are written."""
    assert isinstance(decision, Changed), decision
    return decision.reservation, {**known, **decision.levels}


def kept(*lines: tuple[Key, int], on_hand: int = 5) -> tuple[Reservation, dict[Key, StockLevel]]:
    known = {L: level(on_hand), M: level(on_hand, M)}
    return taken(create(wish(*lines), known), known)


def free(level: StockLevel, channel: Channel = Channel.APP, *, at: Any = NOW) -> int:
    return available_to_promise(level, channel=channel, now=at, freshness=Freshness(timedelta(days=99)))


STEPS: dict[str, Callable[..., Decision]] = {
    "confirm": domain.reservations.confirm,
    "release": domain.reservations.release,
    "fulfil": domain.reservations.fulfil,
    "extend": lambda one, known, **said: domain.reservations.extend(one, known, until=SOON + minutes(1), **said),
}


@given(levels, channels, st.integers(1, 4), st.sampled_from(["release", "expire", "sweep"]))
def test_what_is_given_back_or_runs_out_is_free_again_to_the_last_piece_RSV_3(
    before: StockLevel, channel: Channel, quantity: int, end: str
) -> None:
    decision = create(wish((L, quantity), channel=channel), {L: before})
    if not isinstance(decision, Changed):
        return
    reservation, known = taken(decision, {L: before})
    at = NOW if end == "release" else SOON
    if end == "release":
        _, known = taken(domain.reservations.release(reservation, known, path=HERE, now=at), known)
    if end == "sweep":
        _, known = taken(domain.reservations.expire(reservation, known, now=at), known)
    assert [free(known[L], one, at=at) for one in CHANNELS] == [free(before, one, at=at) for one in CHANNELS]


@given(levels, st.lists(st.tuples(channels, st.integers(1, 3)), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_reservations_that_all_fit_leaves_the_same_RSV_7(
    before: StockLevel, wishes: list[tuple[Channel, int]], shuffler: Random
) -> None:
    def after(order: list[tuple[Channel, int]]) -> StockLevel | None:
        known = {L: before}
        for channel, quantity in order:
            decision = create(wish((L, quantity), channel=channel), known)
            if not isinstance(decision, Changed):
                return None
            known = dict(decision.levels)
        return known[L]

    one = after(wishes)
    shuffler.shuffle(wishes)
    other = after(wishes)
    if one and other:
        assert [free(one, channel) for channel in CHANNELS] == [free(other, channel) for channel in CHANNELS]


def test_all_lines_are_kept_or_none_and_each_short_one_is_told_RSV_2() -> None:
    known = {L: level(2), M: level(9, M)}
    decision = create(wish((L, 3), (M, 9), (("DJ01-L", "SH002"), 1)), known)
    assert decision == [
        OutOfStock(("input", "lines", 0), "DJ01-L", "SH001", 3, 2),
        OutOfStock(("input", "lines", 2), "DJ01-L", "SH002", 1, 0),
    ]


@pytest.mark.parametrize("step", [*STEPS, "expire"])
def test_two_lines_of_one_level_are_kept_and_end_as_one_line_of_both_would_RSV_2(step: str) -> None:
    assert isinstance(create(wish((L, 2), (L, 4)), {L: level(5)}), Sequence)
    ends = []
    for lines in ([(L, 2), (L, 3)], [(L, 5)]):
        known = {L: with_terms(level(5), Terms(Channel.APP, quota=9))}
        made, known = taken(create(wish(*lines), known), known)
        assert free(known[L]) == 0
        at = SOON if step == "expire" else NOW
        ended = domain.reservations.expire(made, known, now=at) if step == "expire" else None
        _, known = taken(ended or STEPS[step](made, known, path=HERE, now=at), known)
        after = known[L]
        ends.append((after.on_hand, after.committed, after.holds, after.terms, free(after, at=at)))
    assert ends[0] == ends[1]


@pytest.mark.parametrize(("left", "told"), [(0, 0), (3, 3), (4, None)])
def test_a_shopper_is_told_what_is_left_only_if_it_is_little_STK_12(left: int, told: int | None) -> None:
    decision = create(wish((L, 9)), {L: level(left)}, staff=False)
    assert decision == [OutOfStock(("input", "lines", 0), "DJ01-L", "SH001", 9, told)]


@pytest.mark.parametrize("first", ["confirm", "release"])
def test_a_reservation_ends_once_and_the_same_end_again_is_no_news_RSV_4(first: str) -> None:
    reservation, known = kept((L, 2))
    reservation, known = taken(STEPS[first](reservation, known, path=HERE, now=NOW), known)
    assert STEPS[first](reservation, known, path=HERE, now=NOW) == Changed(reservation, {})
    other = "release" if first == "confirm" else "confirm"
    for step in (other, "extend"):
        (refused,) = STEPS[step](reservation, known, path=HERE, now=NOW)  # type: ignore[misc]
        assert isinstance(refused, TransitionRefused)
        assert (refused.from_state, refused.allowed) == (reservation.state.value, ())


@pytest.mark.parametrize("step", STEPS)
def test_after_its_time_nothing_can_be_done_with_it_swept_or_not_RSV_4(step: str) -> None:
    reservation, known = kept((L, 2))
    gone = (ReservationExpired(HERE, "r1", SOON),)
    assert STEPS[step](reservation, known, path=HERE, now=SOON) == gone
    swept, known = taken(domain.reservations.expire(reservation, known, now=SOON), known)
    assert (swept.state, swept.settled_at, known[L].holds) == (State.EXPIRED, SOON, ())
    assert STEPS[step](swept, known, path=HERE, now=SOON) == gone


OTHERS = {
    "nothing": (),
    "fewer of ours": (Hold(SOON, Channel.APP, 1),),
    "another channel's": (Hold(SOON, Channel.MINI_PROGRAM, 9),),
    "held until another moment": (Hold(SOON + HOLD_SLOT, Channel.APP, 9),),
}


@pytest.mark.parametrize("left", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("step", STEPS)
def test_units_that_are_held_no_more_are_not_taken_of_what_others_hold(step: str, left: tuple[Hold, ...]) -> None:
    """Not of one line either, though the others are still held."""
    reservation, known = kept((L, 2), (M, 1))
    known[L] = replace(known[L], holds=left)
    assert STEPS[step](reservation, known, path=HERE, now=NOW) == (ReservationExpired(HERE, "r1", SOON),)


@pytest.mark.parametrize("step", STEPS)
def test_what_another_workers_clock_let_go_is_gone_for_a_clock_that_is_behind(step: str) -> None:
    reservation, known = kept((L, 2))
    somebody = wish((L, 1), id="r2", expires_at=SOON + minutes(15))
    sight = Sight(SOON, Channel.APP, 3, lambda source: Freshness(timedelta(days=99)), sees_numbers=True)
    _, known = taken(domain.reservations.create(somebody, known, sight), known)
    behind = SOON - timedelta(seconds=1)
    assert STEPS[step](reservation, known, path=HERE, now=behind) == (ReservationExpired(HERE, "r1", SOON),)


def test_confirming_takes_nothing_from_anybody_and_pays_with_the_share_of_its_channel_once_RSV_5() -> None:
    before = with_terms(level(9), Terms(Channel.APP, quota=5))
    reservation, known = taken(create(wish((L, 2)), {L: before}), {L: before})
    promised = [free(known[L], channel) for channel in CHANNELS]
    reservation, known = taken(domain.reservations.confirm(reservation, known, path=HERE, now=NOW), known)
    assert [free(known[L], channel) for channel in CHANNELS] == promised == [3, 7]
    assert (held(known[L], NOW), known[L].committed) == (0, 2)
    _, known = taken(domain.reservations.fulfil(reservation, known, path=HERE, now=SOON), known)
    assert [free(known[L], channel) for channel in CHANNELS] == promised
    assert terms_of(known[L], Channel.APP).quota == 3


def test_a_share_made_smaller_than_what_is_held_of_it_is_used_up_and_never_less_than_nothing() -> None:
    reservation, known = kept((L, 4))
    known[L] = with_terms(known[L], Terms(Channel.APP, quota=3))
    _, known = taken(domain.reservations.confirm(reservation, known, path=HERE, now=NOW), known)
    assert (terms_of(known[L], Channel.APP).quota, known[L].committed) == (0, 4)


def test_it_is_kept_longer_but_never_beyond_its_limit_and_never_shorter_RSV_6() -> None:
    reservation, known = kept((L, 2))
    limit = reservation.extendable_until

    def extend(until: Any) -> Decision:
        return domain.reservations.extend(reservation, known, until=until, path=HERE, now=NOW)

    longer, after = taken(extend(limit), known)
    assert (longer.expires_at, after[L].holds) == (limit, (Hold(limit, Channel.APP, 2),))
    assert extend(limit + HOLD_SLOT) == extend(limit)
    assert extend(SOON - HOLD_SLOT) == Changed(reservation, {})
    again = domain.reservations.extend(longer, after, until=limit + HOLD_SLOT, path=HERE, now=NOW)
    assert again == (ExtensionTooLong(HERE, limit),)


def test_sweeping_writes_down_what_the_clock_did_and_nothing_else() -> None:
    reservation, known = kept((L, 2))
    assert domain.reservations.expire(reservation, known, now=SOON - timedelta(seconds=1)) == Changed(reservation, {})
    level = replace(known[L], holds=(*known[L].holds, Hold(SOON + HOLD_SLOT, Channel.APP, 1)))
    _, after = taken(domain.reservations.expire(reservation, {L: level}, now=SOON), {L: level})
    assert after[L].holds == (Hold(SOON + HOLD_SLOT, Channel.APP, 1),)
    assert after[L].version > level.version
    swept, _ = taken(domain.reservations.expire(reservation, after, now=SOON), after)
    assert domain.reservations.expire(reservation, after, now=SOON) == Changed(swept, {})  # others swept its level
    assert domain.reservations.expire(swept, after, now=SOON + minutes(1)) == Changed(swept, {})
    assert swept.state_at(NOW) is State.EXPIRED


def test_what_is_handed_over_leaves_the_book_as_sold_and_the_level_is_known_by_who_counted_it() -> None:
    reservation, known = kept((L, 2), (M, 1))
    decision = domain.reservations.fulfil(reservation, known, path=HERE, now=NOW + minutes(1))
    done, after = taken(decision, known)
    assert (done.state, done.fulfilled_at) == (State.CONFIRMED, NOW + minutes(1))
    assert [(level.on_hand, level.committed, level.holds, level.source) for level in after.values()] == [
        (3, 0, (), "pos"),
        (4, 0, (), "pos"),
    ]
    assert isinstance(decision, Changed)
    assert {(sale.type, sale.source) for sale in decision.movements} == {(MovementType.SALE, "reservations")}
    assert len({sale.event_id for sale in decision.movements}) == 2
    beside = {**known, ("DJ01-L", "SH002"): level(1)}
    assert domain.reservations.fulfil(reservation, beside, path=HERE, now=NOW + minutes(1)) == decision
    assert domain.reservations.fulfil(done, after, path=HERE, now=NOW) == Changed(done, {})


@pytest.mark.parametrize("ahead", [timedelta(), minutes(5)])
def test_pieces_counted_before_they_leave_do_leave_though_the_counters_clock_ran_ahead(ahead: timedelta) -> None:
    reservation, known = kept((L, 2))
    count = domain.ledger.observe(known[L], Count(*L, 5, NOW + ahead), later=[], source="pos", now=NOW)
    assert count.level is not None
    _, after = taken(domain.reservations.fulfil(reservation, {L: count.level}, path=HERE, now=NOW), known)
    assert (after[L].on_hand, after[L].committed, free(after[L])) == (3, 0, 3)


def test_lines_of_one_level_are_put_together_in_the_order_of_their_first_mention() -> None:
    lines = [ReservationLine(*M, 1), ReservationLine(*L, 2), ReservationLine(*M, 3)]
    assert domain.reservations.merged(lines) == (ReservationLine(*M, 4), ReservationLine(*L, 2))


def test_a_rush_takes_few_places_in_a_level() -> None:
    known: Levels = {L: level(5_000)}
    for second in range(900):
        wanted = wish((L, 1), expires_at=slot_end(SOON + timedelta(seconds=second)))
        _, known = taken(create(wanted, known), known)
    assert (held(known[L], NOW), len(known[L].holds)) == (900, 61)
