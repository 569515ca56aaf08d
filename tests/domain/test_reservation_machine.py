"""Whatever happens in whatever order, the shop promises what a patient clerk with paper would promise, and no more.

Counts, movements, damage and terms come between reservations that are made, extended, confirmed, released, handed
over and swept, once or again, and the clock moves on as it likes. Slow, for after every step
the clerk counts everything again from the first day on.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import domain.reservations
from domain.availability import Freshness, Sight, available_to_promise
from domain.channels import Channel
from domain.movements import Adjustment, Count, MovementType, Route, Shift
from domain.refusals.general import TransitionRefused
from domain.refusals.reservations import ExtensionTooLong, ReservationExpired
from domain.refusals.stock import OutOfStock
from domain.reservations import Changed, Decision, Reservation, ReservationKind, ReservationLine, ReservationState
from domain.stock import Bucket, Key, Terms, held, oversold_by, slot_end, with_terms
from tests.builders import NOW
from tests.domain.book import Book, Fact
from tests.domain.holding import CHANNELS, Kept, Shop

KEYS: tuple[Key, ...] = (("DJ01-L", "SH001"), ("DJ01-M", "SH001"), ("DJ01-L", "SH002"))
TTL, EXTENSION = timedelta(minutes=15), timedelta(minutes=30)
NEVER_OLD = Freshness(timedelta(days=9999))
HERE = ("input", "reservation")

keys = st.sampled_from(KEYS)
channels = st.sampled_from(CHANNELS)
ages = st.sampled_from([0, 0, 1, 30, 600]).map(lambda s: timedelta(seconds=s))
picks = st.integers(0, 999)
steps = st.sampled_from(["confirm", "extend", "release", "fulfil", "expire"])
baskets = st.dictionaries(keys, st.integers(1, 3), min_size=1)


class Counter(RuleBasedStateMachine):
    """The house's own rules on one side, the clerk's paper (`shop`) on the other."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.book = Book()
        self.levels = self.book.levels
        self.told: list[Fact] = []
        self.reservations: dict[str, Reservation] = {}
        self.ends: dict[str, ReservationState] = {}
        self.shop = Shop()

    @rule(seconds=st.sampled_from([1, 14, 15, 60, 885, 900, 915, 1800]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(key=keys, quantity=st.integers(0, 8), age=ages)
    def count(self, key: Key, quantity: int, age: timedelta) -> None:
        self.hear(Count(*key, quantity, self.now - age))

    @rule(key=keys, delta=st.integers(-3, 3).filter(bool), age=ages)
    def move(self, key: Key, delta: int, age: timedelta) -> None:
        self.hear(Adjustment(*key, delta, f"e{len(self.told)}", self.now - age))

    @rule(key=keys, quantity=st.integers(1, 2), age=ages)
    def damage(self, key: Key, quantity: int, age: timedelta) -> None:
        route = Route(Bucket.SELLABLE, Bucket.DAMAGED, quantity)
        self.hear(Shift(*key, route, f"e{len(self.told)}", self.now - age, MovementType.DAMAGE))

    @precondition(lambda self: self.told)
    @rule(pick=picks)
    def hear_again(self, pick: int) -> None:
        """A queue delivers what it delivered before, in the middle of other things (STK-3)."""
        self.hear(self.told[pick % len(self.told)])

    @precondition(lambda self: self.levels)
    @rule(pick=picks, channel=channels, safety=st.integers(0, 2), quota=st.none() | st.integers(0, 4))
    def agree(self, pick: int, channel: Channel, safety: int, quota: int | None) -> None:
        key = sorted(self.levels)[pick % len(self.levels)]
        level = self.levels[key]
        self.levels[key] = replace(with_terms(level, Terms(channel, safety, quota)), version=level.version + 1)
        shelf = self.shop.shelf(key)
        shelf.safety[channel], shelf.quota[channel] = safety, quota

    @rule(basket=baskets, channel=channels)
    def create(self, basket: dict[Key, int], channel: Channel) -> None:
        wanted = self.wish(basket, channel)
        free = {key: self.shop.available(key, channel, self.now) for key in basket}
        decision = domain.reservations.create(wanted, self.levels, self.sight(channel))
        short = [
            OutOfStock(("input", "lines", n), *line.key, line.quantity, free[line.key])
            for n, line in enumerate(wanted.lines)
            if line.quantity > free[line.key]
        ]
        if short:
            assert decision == short, "RSV-2: each short line, with what there is"
            return
        self.take(decision)
        self.shop.kept[wanted.id] = Kept(dict(basket), channel, wanted.expires_at, wanted.extendable_until)
        assert not any(oversold_by(self.levels[key], self.now) for key in basket), "RSV-1: no new hold beyond the stock"

    @precondition(lambda self: self.reservations)
    @rule(pick=picks, step=steps)
    def act(self, pick: int, step: str) -> None:
        """Any step on any reservation, at any time, and so also again and after its end."""
        reservation = list(self.reservations.values())[pick % len(self.reservations)]
        kept, free = self.shop.kept[reservation.id], self.all_free()
        expected = self.expected(reservation, kept, step)
        decision = self.decide(reservation, step)
        if expected is not None:
            assert decision == (expected,)
            return
        self.take(decision)
        self.note(reservation.id, kept, step)
        if step in ("confirm", "extend", "fulfil"):
            assert self.all_free() == free, "RSV-5: neither for a moment free nor counted twice"

    @invariant()
    def the_book_says_what_the_paper_says(self) -> None:
        """STK-1, and held and committed as anybody would count them (RSV-1, RSV-5)."""
        for key, level in self.levels.items():
            shelf = self.shop.shelves[key]
            assert (level.on_hand, level.damaged) == (shelf.on_hand, shelf.damaged)
            assert held(level, self.now) == self.shop.held(key, self.now)
            assert level.committed == self.shop.committed(key)
            assert oversold_by(level, self.now) == self.shop.oversold_by(key, self.now)
            assert sum(hold.quantity for hold in level.holds if hold.quantity < 0) == 0

    @invariant()
    def every_channel_is_promised_what_the_clerk_would_promise(self) -> None:
        """STK-4, STK-7: never below zero, never more than lies there for sale."""
        for (key, channel), free in self.all_free().items():
            level = self.levels[key]
            assert free == self.shop.available(key, channel, self.now)
            assert 0 <= free <= max(0, level.on_hand - level.unsellable)

    @invariant()
    def a_reservation_ends_once(self) -> None:
        """RSV-4, RSV-6."""
        for reservation in self.reservations.values():
            state = reservation.state_at(self.now)
            assert state.value == self.shop.kept[reservation.id].state_at(self.now)
            assert reservation.expires_at <= reservation.created_at + TTL + EXTENSION + timedelta(seconds=30)
            if state is not ReservationState.ACTIVE:
                assert self.ends.setdefault(reservation.id, state) is state

    def sight(self, channel: Channel) -> Sight:
        return Sight(self.now, channel, 3, lambda source: NEVER_OLD, sees_numbers=True)

    def wish(self, basket: dict[Key, int], channel: Channel) -> Reservation:
        expires_at = slot_end(self.now + TTL)
        return Reservation(
            id=f"r{len(self.reservations)}",
            client="m-1",
            idempotency_key=f"k{len(self.reservations)}",
            request_hash="",
            kind=ReservationKind.CHECKOUT,
            channel=channel,
            lines=tuple(ReservationLine(*key, quantity) for key, quantity in basket.items()),
            reference=None,
            created_at=self.now,
            expires_at=expires_at,
            extendable_until=slot_end(expires_at + EXTENSION),
        )

    def hear(self, fact: Fact) -> None:
        """Take a fact into the book and onto the paper."""
        assert self.book.take(fact, now=self.now).level is not None
        shelf = self.shop.shelf(fact.key)
        if isinstance(fact, Count):
            shelf.counts.append((fact.observed_at, fact.quantity))
        else:
            shelf.moves[fact.event_id] = (fact.occurred_at, fact.route.on_hand)
            shelf.damages[fact.event_id] = fact.route.into(Bucket.DAMAGED)
        self.told.append(fact)

    def decide(self, reservation: Reservation, step: str) -> Decision:
        if step == "expire":
            return domain.reservations.expire(reservation, self.levels, now=self.now)
        if step == "extend":
            until = slot_end(self.now + TTL)
            return domain.reservations.extend(reservation, self.levels, until=until, path=HERE, now=self.now)
        rule = getattr(domain.reservations, step)
        decision: Decision = rule(reservation, self.levels, path=HERE, now=self.now)
        return decision

    def expected(
        self, reservation: Reservation, kept: Kept, step: str
    ) -> ReservationExpired | TransitionRefused | ExtensionTooLong | None:
        """Why the clerk would refuse this step, if he would."""
        state = kept.state_at(self.now)
        to = {"confirm": "CONFIRMED", "fulfil": "CONFIRMED", "release": "RELEASED", "extend": "ACTIVE"}.get(step)
        if step == "expire" or (state == to and step != "extend"):
            return None
        if state == "EXPIRED":
            return ReservationExpired(HERE, reservation.id, kept.expires_at)
        if state != "ACTIVE" and to:
            return TransitionRefused(HERE, state, to, ())
        if step == "extend" and slot_end(self.now + TTL) > kept.latest == kept.expires_at:
            return ExtensionTooLong(HERE, kept.latest)
        return None

    def take(self, decision: Decision) -> None:
        """What a round would write: versions only rise, and only reservations and levels that changed."""
        assert isinstance(decision, Changed), decision
        for key, level in decision.levels.items():
            before = self.levels[key]
            assert level == before or level.version > before.version, "LIV-1"
            self.levels[key] = level
        self.book.lines += decision.movements
        self.reservations[decision.reservation.id] = decision.reservation

    def note(self, id: str, kept: Kept, step: str) -> None:
        if step == "extend":
            kept.expires_at = max(kept.expires_at, min(slot_end(self.now + TTL), kept.latest))
        if step in ("confirm", "fulfil") and kept.state == "ACTIVE":
            self.shop.confirm(kept)
        if step == "fulfil" and not kept.handed_over:
            self.shop.hand_over(id, self.now)
        if step == "release":
            kept.state = "RELEASED"
        if step == "expire":
            kept.state = kept.state_at(self.now)

    def all_free(self) -> dict[tuple[Key, Channel], int]:
        return {
            (key, channel): available_to_promise(level, channel=channel, now=self.now, freshness=NEVER_OLD)
            for key, level in self.levels.items()
            for channel in CHANNELS
        }


Counter.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestTheHousePromisesWhatAPatientClerkWould = Counter.TestCase
