"""Ids and cursors are opaque, come back as they were, and are refused when they are not ours."""

import json
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resolvers.ids
from domain.pages import Page
from resolvers import paging
from resolvers.errors import BadQuestion
from resolvers.paging import MAX_FIRST

keys = st.text(min_size=1, max_size=12).filter(lambda key: key.isprintable())
KINDS = ("Product", "Variant", "Category", "Location", "Reservation", "StockCount", "Transfer")
kinds = st.sampled_from(KINDS)


@given(kinds, keys)
def test_an_id_leads_back_to_its_object(kind: str, key: str) -> None:
    id = resolvers.ids.encode(kind, key)
    assert resolvers.ids.parse(id, KINDS) == (kind, key)
    assert resolvers.ids.decode(kind, id) == resolvers.ids.key_of(kind, id) == key
    assert id.isascii()
    assert id.replace("-", "").replace("_", "").isalnum()


@given(kinds, keys)
def test_an_id_of_another_kind_is_refused(kind: str, key: str) -> None:
    other = next(each for each in KINDS if each != kind)
    with pytest.raises(BadQuestion) as refused:
        resolvers.ids.decode(other, resolvers.ids.encode(kind, key))
    assert refused.value.code == "BAD_ID"


@given(st.text(max_size=12))
def test_a_text_that_is_no_id_is_refused_as_one_and_may_be_a_code(text: str) -> None:
    with pytest.raises(BadQuestion, match="is not an id"):
        resolvers.ids.parse(text, KINDS)
    assert resolvers.ids.key_of("Location", text) == text


@pytest.mark.parametrize(
    "inside", ["", ":", "Product", "Product:", ":DJ01", "Shoe:DJ01", "Product:DJ\0", "product:DJ01"]
)
def test_what_only_looks_like_an_id_is_none(inside: str) -> None:
    id = urlsafe_b64encode(inside.encode()).decode().rstrip("=")
    with pytest.raises(BadQuestion, match="is not an id"):
        resolvers.ids.parse(id, KINDS)
    assert resolvers.ids.key_of("Product", id) == id


def test_the_id_of_something_else_is_no_reference_to_a_location() -> None:
    id = resolvers.ids.encode("Product", "SH001")
    assert resolvers.ids.key_of("Location", id) == id


@pytest.mark.parametrize("code", ["SH001", "1137", "南京西路", "a/b@c"])
def test_a_merchant_s_own_code_is_taken_as_it_is(code: str) -> None:
    assert resolvers.ids.key_of("Location", code) == code


@given(st.tuples(st.integers(-(2**53), 2**53), keys))
def test_a_cursor_leads_back_to_its_place(position: tuple[int, str]) -> None:
    assert paging.decode(paging.encode(position), kinds=(int, str)) == position


@given(st.floats(0, 20_000), keys)
def test_a_distance_in_a_cursor_keeps_its_last_bit_LOC_2(distance_km: float, id: str) -> None:
    assert paging.decode(paging.encode((distance_km, id)), kinds=(float, str)) == (distance_km, id)


@given(st.text(max_size=12))
def test_any_text_is_a_cursor_or_a_bad_cursor_and_nothing_worse(text: str) -> None:
    with pytest.raises(BadQuestion) as refused:
        paging.decode(text, kinds=(int, str))
    assert refused.value.code == "BAD_CURSOR"


@pytest.mark.parametrize("parts", [[1], ["1", "a"], [1, 2], [True, "a"], [1, "a", 2], {"a": 1}, None, 5])
def test_a_cursor_of_another_list_is_refused(parts: object) -> None:
    with pytest.raises(BadQuestion, match="cursor"):
        paging.decode(urlsafe_b64encode(json.dumps(parts).encode()).decode(), kinds=(int, str))


@pytest.mark.parametrize("parts", [[2**53 + 1, "a"], [-(2**53) - 1, "a"], [1, "a\0"], [1, "\ud800"]])
def test_a_cursor_that_no_database_can_compare_is_refused(parts: list[object]) -> None:
    with pytest.raises(BadQuestion, match="cursor"):
        paging.decode(urlsafe_b64encode(json.dumps(parts).encode()).decode(), kinds=(int, str))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e17])
def test_a_cursor_of_no_distance_is_refused(number: float) -> None:
    with pytest.raises(BadQuestion, match="cursor"):
        paging.decode(urlsafe_b64encode(json.dumps([number]).encode()).decode(), kinds=(float,))


@pytest.mark.parametrize("first", [-1, 0, MAX_FIRST + 1, 100_000])
def test_a_page_has_at_least_one_place_and_not_too_many(first: int) -> None:
    with pytest.raises(BadQuestion) as refused:
        paging.checked_first(first)
    assert refused.value.code == "PAGE_SIZE"
    assert [paging.checked_first(size) for size in (1, MAX_FIRST)] == [1, MAX_FIRST]


def test_a_page_ends_where_its_last_item_stands_and_an_empty_one_nowhere() -> None:
    page = paging.connection(Page([("a", (1, "a")), ("b", (2, "b"))], has_next=True))
    assert (page.nodes, page.page_info.has_next_page) == (["a", "b"], True)
    assert page.page_info.end_cursor == page.edges[-1].cursor == paging.encode((2, "b"))
    assert paging.connection(Page([], has_next=False)).page_info.end_cursor is None
