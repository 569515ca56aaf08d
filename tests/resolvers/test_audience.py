"""An audience holds exactly the members to whom everything asked applies, each once, however it is walked."""

from datetime import datetime, timedelta
from typing import Any

import pytest

import resolvers.audience
import resolvers.rfm
from datasources.store.store import Store
from domain.consents import Purpose
from domain.members import MemberStatus
from domain.rfm import Cuts
from domain.tags import Dimension, Tag, TagSource
from domain.tiers import Grant
from resolvers.context import Context
from resolvers.errors import BadQuestion
from tests.builders import NOW
from tests.people import consent, keep, member, order
from tests.resolvers.knowing import house

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
PEOPLE = [f"p{n:02}" for n in range(12)]


def tag(path: str, expires_at: datetime | None = None) -> Tag:
    """What somebody said yesterday."""
    return Tag(Dimension.CONSUMPTION, path, TagSource.MANUAL, NOW - DAY, expires_at=expires_at)


@pytest.fixture
async def shop(store: Store) -> Store:
    """Every second has bought for much, every third likes denim, every fourth is black, most may be written to."""
    orders = [order(id, id, 5_000 if n % 2 else 10, at=NOW - DAY) for n, id in enumerate(PEOPLE)]
    await keep(store, *(member(id) for id in PEOPLE), orders=orders)
    await keep(store, member("p03", merged_into="p04"), member("p05", status=MemberStatus.ERASED))
    async with store.work() as work:
        for id in PEOPLE[::3]:
            await work.tags.write({id: [tag("category/denim/slim"), tag("style_")]})
        await work.tags.write({"p01": [tag("category/denims"), tag("gone", expires_at=NOW)]})
        for id in PEOPLE[::4]:
            await work.tiers.write_grant(id, id, Grant("black", NOW - DAY, NOW + DAY), source="crm")
        await work.consents.write({id: [consent(Purpose.MARKETING)] for id in PEOPLE[:9]})
    await resolvers.rfm.recompute(store.rfm, NOW, cut=Cuts(30, 1, 1_000))
    return store


async def walked(ctx: Context, **said: Any) -> list[str]:
    """All members of an audience, three at a time."""
    found: list[str] = []
    after, goes_on = None, True
    while goes_on:
        (page,) = await resolvers.audience.audience(ctx, [None], first=3, after=after, **said)
        found += [one.id for one in page.nodes]
        after, goes_on = page.page_info.end_cursor, page.page_info.has_next_page
    return found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, [0, 1, 2, 4, 6, 7, 8, 9, 10, 11]),
        ({"segment": "111"}, [1, 7, 9, 11]),
        ({"segment": "110"}, [0, 2, 4, 6, 8, 10]),
        ({"segment": "000"}, []),
        ({"tag": "Category/Denim"}, [0, 6, 9]),
        ({"tag": "category/denim/slim"}, [0, 6, 9]),
        ({"tag": "style%"}, []),
        ({"tag": "gone"}, []),
        ({"tier": "black"}, [0, 4, 8]),
        ({"tier": "gold"}, []),
        ({"marketing": True}, [0, 1, 2, 4, 6, 7, 8]),
        ({"segment": "110", "tag": "category", "tier": "member", "marketing": True}, [6]),
    ],
)
@pytest.mark.parametrize("stretch", [2, 500])
async def test_an_audience_is_who_all_of_it_applies_to(
    shop: Store, said: dict[str, Any], expected: list[int], stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolvers.audience, "STRETCH", stretch)
    monkeypatch.setattr(resolvers.audience, "MAX_STRETCHES", 2)
    assert await walked(house(shop), **said) == [PEOPLE[n] for n in expected]


async def test_before_anything_was_computed_no_segment_holds_anybody(store: Store) -> None:
    await keep(store, member("p00"))
    assert await walked(house(store), segment="111") == []


@pytest.mark.parametrize("said", [{"segment": "12"}, {"tier": "VIP"}, {"first": 0}, {"after": "none of ours"}])
async def test_what_there_is_not_cannot_be_asked_for(shop: Store, said: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion):
        await resolvers.audience.audience(house(shop), [None], **said)
