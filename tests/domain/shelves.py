"""Shelves for properties: levels with all that a level can hold, and all that can happen to one."""

from datetime import timedelta

from hypothesis import strategies as st

from domain.availability import Freshness
from domain.channels import Channel
from domain.demand import NO_SALES, SaleRate
from domain.movements import Adjustment, MovementType, Route, Shift
from domain.stock import HOLD_SLOT, PHYSICAL, Bucket, Hold, StockLevel, Terms, slot_end
from tests.builders import NOW, count, minutes
from tests.domain.book import Fact

channels = st.sampled_from(Channel)
small = st.integers(0, 9)
holds = st.builds(
    lambda slots, channel, quantity: Hold(slot_end(NOW) + slots * HOLD_SLOT, channel, quantity),
    st.integers(-3, 3),
    channels,
    st.integers(1, 5),
)
terms = st.builds(Terms, channels, safety=st.integers(0, 4), quota=st.none() | st.integers(0, 12))
rates = st.just(NO_SALES) | st.builds(
    lambda weight, age: SaleRate(weight, NOW - minutes(age)), st.floats(0.1, 500), st.integers(0, 600)
)
levels = st.builds(
    lambda on_hand, age, **said: StockLevel(
        "DJ01-L", "SH001", on_hand, 7, as_of=NOW - minutes(age), received_at=NOW, source="pos", **said
    ),
    on_hand=st.integers(-5, 60),
    age=st.integers(-5, 600),
    damaged=st.integers(-3, 6),
    quality_control=st.integers(-3, 6),
    display=st.integers(-3, 6),
    in_transit_in=small,
    in_transit_out=small,
    committed=small,
    holds=st.lists(holds, max_size=4).map(tuple),
    terms=st.lists(terms, max_size=4, unique_by=lambda known: known.channel).map(tuple),
    sales=rates,
)
freshnesses = st.builds(
    Freshness, st.integers(0, 120).map(lambda n: timedelta(minutes=n)), st.booleans(), st.floats(0, 4)
)

moments = st.integers(-5, 0).map(lambda n: NOW + minutes(n))
counts = st.builds(lambda quantity, at: count(quantity, at=at), small, moments)
physical = st.sampled_from([bucket for bucket in Bucket if bucket in PHYSICAL])
came_or_went = st.sampled_from(
    [
        (MovementType.RECEIPT, 1),
        (MovementType.RETURN, 1),
        (MovementType.SALE, -1),
        (MovementType.DAMAGE, -1),
        (MovementType.ADJUSTMENT, 1),
        (MovementType.ADJUSTMENT, -1),
    ]
)
shifted = st.sampled_from(
    [
        MovementType.DAMAGE,
        MovementType.RELEASE_QC,
        MovementType.TRANSFER_OUT,
        MovementType.TRANSFER_IN,
        MovementType.ADJUSTMENT,
    ]
)
ways = st.tuples(*[st.none() | st.sampled_from(Bucket)] * 2).filter(lambda way: way[0] is not way[1])


@st.composite
def movements(draw: st.DrawFn, number: int) -> Adjustment | Shift:
    """Something of any type that happened, from any bucket to any other, or to the world outside."""
    event_id, at, quantity = f"e{number}", draw(moments), draw(st.integers(1, 4))
    if draw(st.booleans()):
        kind, sign = draw(came_or_went)
        channel = draw(channels) if kind is MovementType.SALE else None
        return Adjustment("DJ01-L", "SH001", sign * quantity, event_id, at, kind, draw(physical), channel)
    start, end = draw(ways)
    return Shift("DJ01-L", "SH001", Route(start, end, quantity), event_id, at, draw(shifted))


@st.composite
def told(draw: st.DrawFn) -> list[Fact]:
    """Counts and movements of one key, some of them told more than once, in any order."""
    facts: list[Fact] = [draw(movements(n)) for n in range(draw(st.integers(0, 7)))]
    facts += draw(st.lists(counts, max_size=4))
    again = draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else []
    return draw(st.permutations(facts + again))
