"""What is confirmed to come, as the store keeps it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from datasources.store.store import Store
from domain.inbound import Inbound
from tests.builders import NOW, entry, shop
from tests.worlds import fill

pytestmark = pytest.mark.anyio

ORDER = Inbound("PO-1", "DJ01-L", "SH001", 5, NOW + timedelta(days=2), "erp", NOW)


@pytest.fixture
async def kept(store: Store, migrated_database_url: str) -> Store:
    await fill(migrated_database_url, [entry("DJ01", sizes=("L", "M")), shop("SH001"), shop("SH002")])
    return store


async def test_lines_come_by_level_the_first_to_come_first(kept: Store) -> None:
    sooner = replace(ORDER, reference="PO-2", expected_at=NOW)
    same_day = replace(ORDER, reference="PO-0")
    elsewhere = [replace(ORDER, location_id="SH002"), replace(ORDER, sku="DJ01-M")]
    async with kept.work() as work:
        await work.inbound.write([ORDER, sooner, same_day, *elsewhere])
        here = await work.inbound.inbound([ORDER.key])
    assert here == {ORDER.key: [sooner, same_day, ORDER]}
    found = await kept.inbound.inbound([ORDER.key, ("DJ01-M", "SH001"), ("DJ01-M", "SH002")])
    assert found == {**here, ("DJ01-M", "SH001"): [elsewhere[1]]}


async def test_a_line_is_kept_as_it_was_told_last_and_forgotten_when_nothing_is_left(kept: Store) -> None:
    async with kept.work() as work:
        await work.inbound.write([ORDER, replace(ORDER, reference="PO-2")])
    changed = replace(ORDER, quantity=2, expected_at=NOW, source="wms", received_at=NOW + timedelta(1))
    async with kept.work() as work:
        await work.inbound.write([changed, replace(ORDER, reference="PO-2", quantity=0)])
        await work.inbound.write([])
    assert await kept.inbound.inbound([ORDER.key]) == {ORDER.key: [changed]}
