"""A receipt is kept and read back word for word; every reason in it can be said in Chinese and in English."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resolvers.messages
import resolvers.receipts
from datasources.store.store import Store
from domain.movements import Status
from domain.refusals import Path, Refusal
from domain.stock import StockLevel
from resolvers.receipts import ItemResult, Receipt
from tests.builders import NOW
from tests.worlds import asked

KINDS: tuple[type[Refusal], ...] = get_args(Refusal)

paths = st.lists(st.sampled_from(["input", "items", "sku"]) | st.integers(0, 199), max_size=4).map(tuple)
instants = st.integers(0, 10**7).map(lambda n: NOW + timedelta(microseconds=n))
levels = st.builds(
    StockLevel,
    sku=st.text(max_size=5),
    location_id=st.text(max_size=5),
    on_hand=st.integers(-99, 99),
    version=st.integers(1, 99),
    as_of=instants,
    received_at=instants,
    source=st.text(max_size=5),
    counted_at=st.none() | instants,
    counted=st.integers(0, 99),
)
FACTS: dict[object, st.SearchStrategy[object]] = {
    str: st.text("aé袖 {}%", max_size=5),
    int: st.integers(-(2**31), 2**31 - 1),
    datetime: instants,
    int | None: st.none() | st.integers(-(2**31), 2**31 - 1),
    tuple[str, ...]: st.lists(st.text(max_size=5)).map(tuple),
    Path: paths,
}
refusals = st.sampled_from(KINDS).flatmap(
    lambda kind: st.builds(kind, **{field.name: FACTS[field.type] for field in fields(kind)})
)
receipts = st.lists(
    st.builds(
        ItemResult, st.integers(0, 199), st.sampled_from(Status), st.none() | levels, st.lists(refusals).map(tuple)
    ),
    max_size=3,
).map(Receipt)


@given(receipts)
def test_a_receipt_is_read_back_word_for_word(receipt: Receipt) -> None:
    written = resolvers.receipts.dump(receipt)
    assert resolvers.receipts.load(written) == receipt
    assert resolvers.receipts.dump(resolvers.receipts.load(written)) == written


def test_requests_are_told_apart_by_their_content_alone() -> None:
    first = resolvers.receipts.request_hash({"sku": "a", "at": NOW})
    assert first == resolvers.receipts.request_hash({"at": NOW, "sku": "a"})
    assert first != resolvers.receipts.request_hash({"sku": "b", "at": NOW})


@pytest.mark.anyio
@given(refusal=refusals)
async def test_every_reason_is_said_in_both_languages_with_its_facts(refusal: Refusal) -> None:
    ctx = asked(Store("sqlite+aiosqlite:///nowhere.sqlite3"))
    said = {
        language: (await resolvers.messages.texts(replace(ctx, language=language), [refusal]))[0]
        for language in ("zh", "en", "fr")
    }
    assert said["fr"] == said["en"]
    assert said["zh"] != said["en"]
    for name in set(type(refusal).__slots__) - {"path", "available"}:
        fact = getattr(refusal, name)
        facts = fact if isinstance(fact, tuple) else () if fact is None else (fact,)
        assert all(str(said_of) in text for said_of in facts for text in said.values())


def test_there_is_a_text_for_every_reason_and_no_other() -> None:
    codes = {"".join(f"_{c}" if c.isupper() else c for c in kind.__name__).strip("_").upper() for kind in KINDS}
    assert set(resolvers.messages.TEXTS) == codes
    assert all(set(texts) == {"zh", "en"} for texts in resolvers.messages.TEXTS.values())
