"""The GraphQL specification, section 6.3 (numbers of October 2021): executing selection sets, collecting fields.

Serial execution (6.3.1) is tested with mutations.
"""

import asyncio
from typing import Any

import graphql
import pytest

from tests.execution.test_chapter_6_1 import both, ours, told

pytestmark = pytest.mark.anyio

ZOO = graphql.build_schema("""
  interface Animal { name: String friend: Animal }
  interface Pet implements Animal { name: String friend: Animal owner: String }
  type Cat implements Pet & Animal { name: String friend: Animal owner: String lives(of: Int): Int }
  type Dog implements Pet & Animal { name: String friend: Animal owner: String tricks: [String] }
  type Fish implements Animal { name: String friend: Animal depth: Int }
  union CatOrFish = Cat | Fish
  union OnlyDog = Dog
  type Query { cat: Cat animal: Animal pet: Pet all: [CatOrFish] animals: [Animal] a: Int b: Int c: Int d: Int }
""")

FISH = {"__typename": "Fish", "name": "Nemo", "depth": 3}
DOG = {"__typename": "Dog", "name": "Rex", "tricks": ["sit"], "owner": "Bob"}
CAT = {"__typename": "Cat", "name": "Tom", "lives": 9, "owner": "Ada", "friend": FISH}
ROOT = {
    "cat": CAT,
    "animal": CAT,
    "pet": DOG,
    "all": [CAT, FISH, None, CAT],
    "animals": [DOG, FISH, CAT],
    "a": 1,
    "b": 2,
    "c": 3,
    "d": 4,
}


async def data(query: str, **variables: Any) -> Any:
    """The data that both executors give, without an error."""
    answer = await both(ZOO, query, root=ROOT, variables=variables)
    assert answer.errors is None
    return answer.data


async def keys(query: str, **variables: Any) -> list[str]:
    """The response keys of the answer, in their order."""
    return list(await data(query, **variables))


async def test_6_3_each_field_of_the_selection_has_an_entry() -> None:
    assert await data("{ a cat { name lives } b }") == {"a": 1, "cat": {"name": "Tom", "lives": 9}, "b": 2}


async def test_6_3_the_answer_is_in_the_order_of_the_document_whoever_is_ready_first() -> None:
    async def slowly(info: Any) -> int:
        await asyncio.sleep(0.01)
        return 1

    answer = await ours(ZOO, "{ b a c }", root={**ROOT, "b": slowly})
    assert list((answer.data or {}).items()) == [("b", 1), ("a", 1), ("c", 3)]


async def test_6_3_2_fields_stand_in_the_order_in_which_they_first_appear() -> None:
    assert await keys("{ c a b a c }") == ["c", "a", "b"]
    assert await keys("{ c ...F b } fragment F on Query { a c d: b }") == ["c", "a", "d", "b"]
    assert await keys("{ c ... { b ... { a } } ... on Query { d a } }") == ["c", "b", "a", "d"]
    assert await keys("{ ...F a ...G } fragment F on Query { ...G b } fragment G on Query { c }") == ["c", "b", "a"]


async def test_6_3_2_the_key_is_the_alias_if_there_is_one() -> None:
    assert await data("{ x: a a b: a a2: b }") == {"x": 1, "a": 1, "b": 1, "a2": 2}


async def test_6_3_2_aliases_tell_the_same_field_with_different_arguments_apart() -> None:
    def lives(info: Any, of: int = 1) -> int:
        return 9 * of

    answer = await both(ZOO, "{ cat { lives x: lives(of: 2) y: lives(of: 3) } }", root={"cat": {"lives": lives}})
    assert answer.data == {"cat": {"lives": 9, "x": 18, "y": 27}}


async def test_6_3_2_fields_of_one_key_are_resolved_once() -> None:
    calls: list[str] = []

    def cat(info: Any) -> Any:
        calls.append("cat")
        return CAT

    query = "{ cat { name } ... { cat { lives } } ...F } fragment F on Query { cat { name } }"
    answer = await ours(ZOO, query, root={"cat": cat})
    assert answer.data == {"cat": {"name": "Tom", "lives": 9}}
    assert calls == ["cat"]


async def test_6_3_2_the_selections_of_one_key_are_merged_at_every_depth() -> None:
    query = "{ cat { friend { friend { name } } } cat { name friend { name friend { __typename } } } }"
    merged = await data(query)
    assert merged == {"cat": {"friend": {"friend": None, "name": "Nemo"}, "name": "Tom"}}
    assert list(merged["cat"]["friend"]) == ["friend", "name"]


async def test_6_3_2_a_fragment_counts_once_in_a_selection() -> None:
    assert await keys("{ ...F c ...F ... { ...F d } } fragment F on Query { a b }") == ["a", "b", "c", "d"]


async def test_6_3_2_a_fragment_counts_again_in_other_selections_and_below_itself() -> None:
    query = "{ cat { ...F friend { ...F friend { ...F } } } animal { ...F } } fragment F on Animal { name }"
    nemo = {"name": "Nemo", "friend": None}
    assert await data(query) == {"cat": {"name": "Tom", "friend": nemo}, "animal": {"name": "Tom"}}


@pytest.mark.parametrize(
    ("condition", "collected"),
    [
        ("Cat", ["Cat"]),
        ("Fish", ["Fish"]),
        ("Pet", ["Dog", "Cat"]),
        ("Animal", ["Dog", "Fish", "Cat"]),
        ("CatOrFish", ["Fish", "Cat"]),
        ("OnlyDog", ["Dog"]),
    ],
)
async def test_6_3_2_a_fragment_applies_to_its_object_type_the_interface_s_and_the_union_s(
    condition: str, collected: list[str]
) -> None:
    inline = await data(f"{{ animals {{ ... on {condition} {{ __typename }} }} }}")
    spread = await data(f"{{ animals {{ ...F }} }} fragment F on {condition} {{ __typename }}")
    assert inline == spread
    assert [one["__typename"] for one in inline["animals"] if one] == collected


async def test_6_3_2_conditions_within_conditions_must_all_apply() -> None:
    query = "{ animals { ... on CatOrFish { ... on Pet { ... on Animal { name } } } } }"
    assert await data(query) == {"animals": [{}, {}, {"name": "Tom"}]}


async def test_6_3_2_each_object_type_collects_its_own_fields() -> None:
    query = "{ animals { ... on Dog { x: owner } name ... on Fish { x: name } ... on Cat { x: owner } } }"
    assert await data(query) == {
        "animals": [
            {"x": "Bob", "name": "Rex"},
            {"name": "Nemo", "x": "Nemo"},
            {"name": "Tom", "x": "Ada"},
        ]
    }


async def test_6_3_2_typename_may_be_asked_everywhere() -> None:
    query = "{ __typename cat { t: __typename } animal { __typename } all { __typename t: __typename } }"
    cat, fish = ({"__typename": name, "t": name} for name in ("Cat", "Fish"))
    assert await data(query) == {
        "__typename": "Query",
        "cat": {"t": "Cat"},
        "animal": {"__typename": "Cat"},
        "all": [cat, fish, None, cat],
    }


@pytest.mark.parametrize("is_skipped", [True, False])
@pytest.mark.parametrize("is_included", [True, False])
async def test_6_3_2_a_field_is_there_when_it_is_included_and_not_skipped(is_skipped: bool, is_included: bool) -> None:
    expected = ["a", "b"] if is_included and not is_skipped else ["b"]
    skip, include = str(is_skipped).lower(), str(is_included).lower()
    by_variables = "query ($s: Boolean!, $i: Boolean!) { a @skip(if: $s) @include(if: $i) b }"
    assert await keys(by_variables, s=is_skipped, i=is_included) == expected
    assert (
        await keys(
            by_variables.replace("@skip(if: $s) @include(if: $i)", "@include(if: $i) @skip(if: $s)"),
            s=is_skipped,
            i=is_included,
        )
        == expected
    )
    assert await keys(f"{{ a @skip(if: {skip}) @include(if: {include}) b }}") == expected
    assert await keys(f"query ($s: Boolean!) {{ a @skip(if: $s) @include(if: {include}) b }}", s=is_skipped) == expected


@pytest.mark.parametrize(("directive", "is_there_if"), [("@include", True), ("@skip", False)], ids=["include", "skip"])
@pytest.mark.parametrize("value", [True, False])
async def test_6_3_2_directives_count_on_fields_spreads_and_inline_fragments(
    directive: str, is_there_if: bool, value: bool
) -> None:
    there = ["a"] if value is is_there_if else []
    for condition in (f"{directive}(if: $v)", f"{directive}(if: {str(value).lower()})"):
        head = "query ($v: Boolean!)" if "$" in condition else "query"
        given = {"v": value} if "$" in condition else {}
        assert await keys(f"{head} {{ a {condition} b }}", **given) == [*there, "b"]
        assert await keys(f"{head} {{ ... {condition} {{ a }} b }}", **given) == [*there, "b"]
        assert await keys(f"{head} {{ ... on Query {condition} {{ a }} b }}", **given) == [*there, "b"]
        assert await keys(f"{head} {{ ...F {condition} b }} fragment F on Query {{ a }}", **given) == [*there, "b"]
        assert await keys(f"{head} {{ ...F b }} fragment F on Query {{ a {condition} }}", **given) == [*there, "b"]


async def test_6_3_2_a_condition_s_variable_may_have_its_default() -> None:
    query = "query ($yes: Boolean = true) { a @include(if: $yes) b @skip(if: $yes) }"
    assert await keys(query) == ["a"]
    assert await keys(query, yes=False) == ["b"]


async def test_6_3_2_null_for_a_condition_is_an_error_where_the_field_is_selected() -> None:
    query = "query ($yes: Boolean = true) { a cat { name @include(if: $yes) } }"
    answer = await both(ZOO, query, root=ROOT, variables={"yes": None})
    assert answer.data == {"a": 1, "cat": None}
    assert [path for path, _ in told(answer)] == [["cat"]]


async def test_6_3_2_a_field_is_there_when_one_of_its_places_is_included_and_stands_at_the_first_that_is() -> None:
    query = "query ($p: Boolean!, $q: Boolean!) { a @include(if: $p) b a @include(if: $q) c }"
    assert await keys(query, p=True, q=True) == ["a", "b", "c"]
    assert await keys(query, p=True, q=False) == ["a", "b", "c"]
    assert await keys(query, p=False, q=True) == ["b", "a", "c"]
    assert await keys(query, p=False, q=False) == ["b", "c"]


async def test_6_3_2_only_included_places_are_merged() -> None:
    query = """query ($p: Boolean!) {
      cat @include(if: $p) { lives name }  cat { name owner }  cat @skip(if: true) { x: name }
    }"""
    assert list((await data(query, p=True))["cat"]) == ["lives", "name", "owner"]
    assert list((await data(query, p=False))["cat"]) == ["name", "owner"]


async def test_6_3_2_a_skipped_spread_does_not_use_its_fragment_up() -> None:
    query = "query ($p: Boolean!) { ...F @include(if: $p) b ...F } fragment F on Query { a }"
    assert await keys(query, p=True) == ["a", "b"]
    assert await keys(query, p=False) == ["b", "a"]
    assert await keys("{ ...F @skip(if: true) b ...F } fragment F on Query { a }") == ["b", "a"]


async def test_6_3_2_a_condition_counts_for_all_in_its_fragment() -> None:
    query = """query ($on: Boolean!) {
      ... @include(if: $on) { a ... @skip(if: $on) { b } cat { name } }  cat { ...G @skip(if: $on) owner }
    } fragment G on Cat { lives }"""
    assert await data(query, on=True) == {"a": 1, "cat": {"name": "Tom", "owner": "Ada"}}
    assert await data(query, on=False) == {"cat": {"lives": 9, "owner": "Ada"}}


async def test_6_3_2_with_everything_skipped_an_object_is_empty() -> None:
    assert await data("{ a @include(if: false) }") == {}
    assert await data("{ cat { name @skip(if: true) } all { ... on Fish { name } } }") == {
        "cat": {},
        "all": [{}, {"name": "Nemo"}, None, {}],
    }


async def test_6_3_2_what_is_skipped_is_not_resolved() -> None:
    calls: list[str] = []
    root = {"a": lambda info: calls.append("a"), "b": 2}
    query = "query ($no: Boolean!) { a @include(if: $no) x: a @skip(if: true) b }"
    assert (await both(ZOO, query, root=root, variables={"no": False})).data == {"b": 2}
    assert calls == []
