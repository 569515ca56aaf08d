"""What somebody saw of stock can be seen again as it was, for as long as it is kept, and nothing else can."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resolvers.availability
import resolvers.live_stock
import resolvers.reservations
from datasources.bus.memory import MemoryBus
from datasources.store.store import Store
from domain.availability import Freshness
from domain.geo import Coordinates
from domain.opening import OpenInterval
from domain.reservations import ReservationKind, ReservationLine
from resolvers import consistency
from resolvers.availability import Offer
from resolvers.consistency import Seen
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.live_stock import Update
from resolvers.reservations import Reserve
from tests.builders import INTEGRATOR, NOW, PEOPLES_SQUARE, count, entry, minutes, on_sale, shop
from tests.datasources.cached import carried
from tests.worlds import POLICIES, asked, fill, tell

pytestmark = pytest.mark.anyio

L, M = "DJ01-L", "DJ01-M"
ALL_DAY = tuple(OpenInterval(weekday, 600, 1320) for weekday in range(7))


@pytest.fixture
async def filled(store: Store, migrated_database_url: str) -> Store:
    await fill(
        migrated_database_url,
        [*on_sale(entry("DJ01", sizes=("L", "M"))), shop("SH001", hours=ALL_DAY, prep_minutes=15)],
    )
    await tell(store, count(5))
    return store


def looking(store: Store, *, later: timedelta = timedelta(0), **said: Any) -> Context:
    """An operation of an integrator, later."""
    return asked(store, at=NOW + later, **{"viewer": INTEGRATOR, **said})


async def look(ctx: Context) -> tuple[Update, list[Offer]]:
    """What there is of both sizes, some of which nobody ever counted."""
    (update,) = await resolvers.live_stock.since(ctx, [None], skus=[L, M], locations=["SH001"], near=PEOPLES_SQUARE)
    return update, list((await resolvers.live_stock.offers(ctx, [update]))[0])


async def again(ctx: Context, token: str) -> tuple[Update, list[Offer]]:
    """What was seen with a token."""
    (update,) = await resolvers.live_stock.as_of(ctx, [None], token=token)
    return update, list((await resolvers.live_stock.offers(ctx, [update]))[0])


async def test_the_same_answer_comes_again_although_stock_and_time_went_on_LIV_6(filled: Store) -> None:
    lines = [ReservationLine(L, "SH001", 2)]
    await resolvers.reservations.create(looking(filled), Reserve(ReservationKind.CHECKOUT, lines, "k1"))
    policies = replace(POLICIES, freshness=Freshness(timedelta(hours=1), hide_when_stale=True))
    update, offers = await look(looking(filled, policies=policies))
    assert [offer.availability.quantity for offer in offers] == [3, None]
    await tell(filled, count(9, at=NOW + minutes(20)), count(1, sku=M, at=NOW + minutes(20)), now=NOW + minutes(20))
    later = looking(filled, later=timedelta(hours=5), policies=policies)
    assert (await look(later.anew()))[1] != offers
    told, seen = await again(later, update.consistency_token)
    assert seen == offers
    assert (told.is_snapshot, told.cursor, told.consistency_token) == (True, update.cursor, update.consistency_token)
    in_a_while = await resolvers.availability.ready_at(later, seen)
    assert in_a_while == await resolvers.availability.ready_at(looking(filled), offers) == [NOW + minutes(15)] * 2


async def test_what_is_seen_again_is_not_taken_for_what_is_there_now_STK_11(filled: Store) -> None:
    update, _ = await look(looking(filled))
    await tell(filled, count(9, at=NOW + minutes(1)))
    ctx = looking(filled)
    _, then = await again(ctx, update.consistency_token)
    _, now = await look(ctx)
    assert [offer.availability.quantity for offer in (then[0], now[0])] == [5, 9]


async def test_a_shopper_sees_with_a_token_of_the_house_no_more_than_a_shopper_may_STK_12(filled: Store) -> None:
    update, offers = await look(looking(filled))
    assert offers[0].availability.quantity == 5
    _, seen = await again(asked(filled), update.consistency_token)
    assert seen[0].availability.quantity is None


async def test_what_is_no_longer_kept_is_not_made_up_LIV_6(filled: Store) -> None:
    update, offers = await look(looking(filled))
    await tell(filled, count(9, at=NOW + minutes(1)))
    await carried(filled, MemoryBus())
    assert (await again(looking(filled), update.consistency_token))[1] == offers
    await filled.forget(events_before=NOW.replace(year=2100), answers_before=NOW, limit=1_000)
    with pytest.raises(BadQuestion) as refused:
        await again(looking(filled), update.consistency_token)
    assert refused.value.code == "CONSISTENCY_TOKEN_EXPIRED"
    update, offers = await look(looking(filled))
    assert (await again(looking(filled), update.consistency_token))[1] == offers


async def test_only_what_this_graph_said_is_read_back(filled: Store) -> None:
    update, _ = await look(looking(filled))
    token = update.consistency_token
    raw = bytearray(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[-1] ^= 1
    changed = urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    of_another = consistency.encode(Seen(NOW, [], True, 0, "", None), log="another")
    for strange in (changed, of_another, token[:-4], "", "?", "说", "x" * 9_999):
        with pytest.raises(BadQuestion) as refused:
            await again(looking(filled), strange)
        assert refused.value.code == "BAD_CONSISTENCY_TOKEN"


levels = st.tuples(st.tuples(st.text(), st.text()), st.integers(0, 2**53))
points = st.builds(Coordinates, st.floats(-90, 90), st.floats(-180, 180))


@given(st.lists(levels, max_size=9), st.booleans(), st.integers(0, 2**53), st.none() | points)
def test_a_token_says_what_was_put_into_it(
    versions: list[tuple[tuple[str, str], int]], is_snapshot: bool, position: int, near: Coordinates | None
) -> None:
    seen = Seen(NOW + timedelta(microseconds=position % 10**9), versions, is_snapshot, position, "w", near)
    assert consistency.decode(consistency.encode(seen, log="a"), log="a") == seen


def test_a_token_of_all_that_can_be_watched_still_fits_into_an_address() -> None:
    versions = [((f"DJ{n:06}-BLK-XXL", f"SH{m:04}"), n * 7919 % 100_000) for n in range(20) for m in range(50)]
    assert len(consistency.encode(Seen(NOW, versions, True, 2**40, "w", None), log="a")) < 12_000
