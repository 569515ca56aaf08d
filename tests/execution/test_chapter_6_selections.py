"""The GraphQL specification (September 2025), section 6.3: executing selection sets and collecting fields."""

from typing import Any

import pytest

from tests.execution.asking import both, schema_of

pytestmark = pytest.mark.anyio

ZOO = schema_of("""
  interface Animal { name: String friend: Animal }
  interface Pet implements Animal { name: String friend: Animal owner: String }
  type Cat implements Pet & Animal { name: String friend: Animal owner: String lives: Int }
  type Fish implements Animal { name: String friend: Animal depth: Int }
  union Any = Cat | Fish
  type Query { cat: Cat animal: Animal all: [Any] a: Int b: Int c: Int }
""")

FISH = {"__typename": "Fish", "name": "Nemo", "depth": 3}
CAT = {"__typename": "Cat", "name": "Tom", "lives": 9, "owner": "Ada", "friend": FISH}
ROOT = {"cat": CAT, "animal": CAT, "all": [CAT, FISH, None, CAT], "a": 1, "b": 2, "c": 3}


async def data(query: str, **variables: Any) -> Any:
    answer = await both(ZOO, query, ROOT, **variables)
    assert answer.errors is None
    return answer.data


async def test_6_3_keys_stand_in_the_order_in_which_the_document_first_names_them() -> None:
    assert list(await data("{ c ...F b } fragment F on Query { a c x: b }")) == ["c", "a", "x", "b"]


async def test_6_3_fields_of_one_key_are_merged() -> None:
    query = "{ cat { name } ... { cat { lives } } ...F } fragment F on Query { cat { friend { name } name } }"
    assert await data(query) == {"cat": {"name": "Tom", "lives": 9, "friend": {"name": "Nemo"}}}


async def test_6_3_merged_fields_are_merged_at_every_depth() -> None:
    query = "{ cat { friend { friend { name } } } cat { friend { name friend { name } } } }"
    assert await data(query) == {"cat": {"friend": {"friend": None, "name": "Nemo"}}}


async def test_6_3_2_skip_and_include_are_both_asked() -> None:
    query = """query ($yes: Boolean!, $no: Boolean!) {
      a @skip(if: $yes) @include(if: $yes)  b @skip(if: $no) @include(if: $yes)  c @skip(if: $no) @include(if: $no)
      x: a @skip(if: true) @include(if: true)  y: a @skip(if: false) @include(if: true)
    }"""
    assert await data(query, yes=True, no=False) == {"b": 2, "y": 1}


async def test_6_3_2_a_fragment_s_condition_counts_for_all_in_it() -> None:
    query = """query ($on: Boolean!) {
      ... @include(if: $on) { a ... @skip(if: $on) { b } }  ...F @skip(if: $on)  cat { ...G @include(if: $on) name }
    } fragment F on Query { c } fragment G on Cat { lives }"""
    assert await data(query, on=True) == {"a": 1, "cat": {"lives": 9, "name": "Tom"}}
    assert await data(query, on=False) == {"c": 3, "cat": {"name": "Tom"}}


async def test_6_3_2_the_same_field_is_there_when_any_of_its_places_is_included() -> None:
    query = "query ($p: Boolean!, $q: Boolean!) { a @include(if: $p) b a @include(if: $q) }"
    assert list(await data(query, p=True, q=False)) == ["a", "b"]
    assert list(await data(query, p=False, q=True)) == ["b", "a"]
    assert list(await data(query, p=False, q=False)) == ["b"]


async def test_6_3_2_what_merges_depends_on_what_is_included() -> None:
    query = "query ($p: Boolean!) { cat @include(if: $p) { lives name } cat { name owner } }"
    assert list((await data(query, p=True))["cat"]) == ["lives", "name", "owner"]
    assert list((await data(query, p=False))["cat"]) == ["name", "owner"]


async def test_6_3_2_a_fragment_spread_twice_counts_once_but_where_it_is_included() -> None:
    query = "query ($p: Boolean!) { ...F @include(if: $p) b ...F } fragment F on Query { a }"
    assert list(await data(query, p=True)) == ["a", "b"]
    assert list(await data(query, p=False)) == ["b", "a"]


async def test_6_3_2_with_everything_skipped_an_object_is_empty() -> None:
    assert await data("{ cat { name @skip(if: true) } a @include(if: false) }") == {"cat": {}}


async def test_6_3_2_null_for_a_condition_is_an_error_of_the_field_whose_selection_it_is() -> None:
    query = "query ($n: Boolean = true) { a cat { name @include(if: $n) } }"
    assert await data(query) == {"a": 1, "cat": {"name": "Tom"}}
    assert await data(query, n=False) == {"a": 1, "cat": {}}
    answer = await both(ZOO, query, ROOT, n=None)
    assert answer.data == {"a": 1, "cat": None}
    assert [error.path for error in answer.errors or []] == [["cat"]]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("Cat", {"lives": 9}),
        ("Fish", {}),
        ("Pet", {"lives": 9}),
        ("Animal", {"lives": 9}),
        ("Any", {"lives": 9}),
    ],
)
async def test_6_3_2_a_fragment_applies_to_its_type_and_to_what_that_comprises(
    condition: str, expected: dict[str, Any]
) -> None:
    lives = "... { lives: __typename }" if condition == "Fish" else "... on Cat { lives }"
    query = f"{{ animal {{ ... on Animal {{ ... on {condition} {{ {lives} }} }} }} }}"
    assert await data(query) == {"animal": expected}


async def test_6_3_2_each_type_of_an_abstract_one_collects_its_own() -> None:
    query = (
        "{ all { __typename ... on Animal { name } ... on Pet { owner } ... on Fish { depth } ... on Cat { lives } } }"
    )
    cat = {"__typename": "Cat", "name": "Tom", "owner": "Ada", "lives": 9}
    fish = {"__typename": "Fish", "name": "Nemo", "depth": 3}
    assert await data(query) == {"all": [cat, fish, None, cat]}


async def test_6_3_2_typename_stands_wherever_it_is_asked() -> None:
    query = "{ __typename t: __typename cat { __typename friend { u: __typename __typename } } }"
    assert await data(query) == {
        "__typename": "Query",
        "t": "Query",
        "cat": {"__typename": "Cat", "friend": {"u": "Fish", "__typename": "Fish"}},
    }


async def test_6_3_2_fragments_may_be_spread_in_siblings_and_in_each_other() -> None:
    query = """{ cat { ...A friend { ...A } } animal { ...B } }
      fragment A on Animal { name ...C } fragment B on Animal { friend { ...A } ...C }
      fragment C on Animal { __typename }"""
    fish = {"name": "Nemo", "__typename": "Fish"}
    assert await data(query) == {
        "cat": {"name": "Tom", "__typename": "Cat", "friend": fish},
        "animal": {"friend": fish, "__typename": "Cat"},
    }
