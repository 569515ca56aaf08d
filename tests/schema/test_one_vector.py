"""One operation sees one state of stock: no level in two versions, however many fields read it while it is written.

Slow, for every reading is held up by a transaction that writes what is read.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry.types import ExecutionResult

import schema.build
from datasources.bus.memory import MemoryBus
from datasources.ports.stock import StockSource
from datasources.store.store import Store
from domain.stock import Key, StockLevel
from resolvers import cursors
from resolvers.context import Context
from tests.builders import INTEGRATOR, NOW, count, entry, minutes, on_sale, shop
from tests.datasources.cached import carried
from tests.worlds import asked, fill, sources, tell
from tests.worlds import store as store

pytestmark = pytest.mark.anyio

GRAPH = schema.build.unified()
HERE = 'availability(storeIds: ["SH001"]) { version quantity }'
TWICE = f"""{{
  a: productByCode(code: "DJ01-L") {{ {HERE} product {{ variants {{ sku {HERE} }} }} }}
  b: productByCode(code: "DJ01-L") {{ availability(storeIds: ["SH001"]) {{ version quantity variant {{ {HERE} }} }} }}
  c: stockChanges(skus: ["DJ01-L"], locations: ["SH001"]) {{ cursor offers {{ version quantity }} }}
}}"""
LINES = 'reservation { lines { variant { availability(storeIds: ["SH001"]) { version } } } }'
RESERVE = f"""mutation ($a: ReservationCreateInput!, $b: ReservationCreateInput!) {{
  a: reservationCreate(input: $a) {{ {LINES} }} b: reservationCreate(input: $b) {{ {LINES} }} }}"""
WATCH = f"""subscription {{ availabilityChanged(skus: ["DJ01-L"], locations: ["SH001"]) {{
  isSnapshot cursor consistencyToken offers {{ version variant {{ {HERE} }} }} }} }}"""


@pytest.fixture
async def filled(store: Store, migrated_database_url: str) -> Store:
    await fill(migrated_database_url, [*on_sale(entry("DJ01", sizes=("L", "M"))), shop("SH001")])
    return store


@dataclass(frozen=True, slots=True)
class Busy:
    """A stock source during whose every reading something is written."""

    stock: StockSource
    write: Callable[[], Awaitable[object]]

    async def levels(self, skus: Collection[str], location_ids: Collection[str]) -> Mapping[Key, StockLevel]:
        """Levels as they were before."""
        found = await self.stock.levels(skus, location_ids)
        await self.write()
        return found


@dataclass(slots=True)
class Shop:
    """A shop in which somebody counts while others read."""

    store: Store
    counts: int = 0

    async def count(self) -> None:
        """Count one piece more than before."""
        self.counts += 1
        await tell(self.store, count(self.counts, at=NOW + minutes(self.counts)))

    def ctx(self, bus: MemoryBus | None = None) -> Context:
        """An integrator who reads in the middle of it."""
        return asked(replace(sources(self.store, bus), stock=Busy(self.store.stock, self.count)), viewer=INTEGRATOR)


async def answer(ctx: Context, question: str, **variables: Any) -> Any:
    """What the graph answers, without an error."""
    done = await GRAPH.execute(question, variable_values=variables, context_value=ctx)
    assert done.errors is None
    return done.data


def told(result: ExecutionResult) -> Any:
    """What an event of the stream says."""
    assert result.data is not None
    return result.data["availabilityChanged"]


def versions(answered: Any) -> set[tuple[int, int | None]]:
    """Every version of the large size that an answer shows, each with its quantity."""
    if isinstance(answered, list):
        return {found for one in answered for found in versions(one)}
    if not isinstance(answered, dict) or answered.get("sku") == "DJ01-M":
        return set()
    here = {(answered["version"], answered.get("quantity"))} if "version" in answered else set()
    return here | {found for one in answered.values() for found in versions(one)}


@pytest.mark.parametrize("counted", [0, 1], ids=["never reported", "reported"])
async def test_a_level_has_one_version_in_an_answer_although_it_is_written_meanwhile_STK_11(
    filled: Store, counted: int
) -> None:
    busy = Shop(filled)
    for _ in range(counted):
        await busy.count()
    ctx = busy.ctx()
    first = versions(await answer(ctx, TWICE))
    assert len(first) == 1
    assert busy.counts > counted + 1
    second = versions(await answer(ctx, TWICE))
    assert len(second) == 1
    assert second > first or max(second) > max(first)


async def test_a_payload_shows_what_was_written_before_it(filled: Store) -> None:
    await tell(filled, count(9))
    wants = {
        key: {
            "kind": "CHECKOUT",
            "idempotencyKey": key,
            "lines": [{"sku": "DJ01-L", "location": "SH001", "quantity": 1}],
        }
        for key in "ab"
    }
    data = await answer(asked(filled, viewer=INTEGRATOR), RESERVE, **wants)
    assert [versions(data[key]) for key in "ab"] == [{(2, None)}, {(3, None)}]


async def test_below_an_event_nothing_newer_is_shown_than_the_event_itself_STK_11(filled: Store) -> None:
    bus, busy = MemoryBus(), Shop(filled)
    await busy.count()
    ctx = asked(sources(filled, bus), viewer=INTEGRATOR)
    stream = await GRAPH.subscribe(WATCH, context_value=ctx)
    first = told(await anext(stream))
    assert versions(first) == {(1, None), (1, 1)}
    await busy.count()
    await carried(filled, bus)
    await busy.count()
    second = told(await anext(stream))
    assert (second["isSnapshot"], versions(second)) == (False, {(2, None), (2, 2)})
    await stream.aclose()
    assert ctx.loaders == {}
    then = await answer(
        ctx,
        "query ($t: String!) { stockAsOf(consistencyToken: $t) { offers { version } } }",
        t=first["consistencyToken"],
    )
    assert versions(then) == {(1, None)}
    cursor = cursors.decode(second["cursor"])
    assert cursor is not None
    assert cursor.position == 2


fields = st.lists(
    st.sampled_from(
        [
            f'productByCode(code: "DJ01-L") {{ {HERE} }}',
            f'productByCode(code: "DJ01-M") {{ sku {HERE} product {{ variants {{ sku {HERE} }} }} }}',
            f'productByCode(code: "DJ01-M") {{ product {{ variants {{ sku {HERE} }} }} }}',
            'stockChanges(skus: ["DJ01-M", "DJ01-L"], locations: ["SH001"]) { offers { sku version quantity } }',
            f'productByCode(code: "DJ01-L") {{ product {{ variants {{ sku {HERE} }} }} }}',
        ]
    ),
    min_size=2,
    max_size=6,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields)
async def test_whatever_is_asked_together_is_of_one_moment_STK_11(filled: Store, fields: list[str]) -> None:
    question = "{" + " ".join(f"f{n}: {field}" for n, field in enumerate(fields)) + "}"
    busy = Shop(filled, counts=int((await filled.log.extent()).position))
    assert len(versions(await answer(busy.ctx(), question))) <= 1
