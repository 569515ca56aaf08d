"""The GraphQL specification, section 6.4 (numbers of October 2021): executing fields, from arguments to raw values.

Completion (6.4.3) and errors (6.4.4) have files of their own.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import graphql
import pytest
import strawberry
from graphql import GraphQLError

from schema.base import batch, derived, plain
from tests.execution.test_chapter_6_1 import both, echo, ours, told

pytestmark = pytest.mark.anyio

ASKED = graphql.build_schema("""
  enum Size { S L }
  input Wish { size: Size! = L, note: String, must: Int!, many: [Int!] }
  scalar Odd
  type Query {
    told(i: Int, f: Float, id: ID, b: Boolean, size: Size, l: [Int], w: Wish): String
    defaults(i: Int = 3, must: Int! = 4, l: [Int!] = [1, 2], w: Wish = {must: 1}, none: Int = null): String
    must(i: Int!): String
    odd(x: Odd): String
  }
""")


def _odd(value: Any, *_: Any) -> Any:
    raise GraphQLError("There is nothing odd here.")


for _name in ("told", "defaults", "must", "odd"):
    ASKED.query_type.fields[_name].resolve = echo  # type: ignore[union-attr]
ASKED.type_map["Odd"].coerce_input_value = _odd  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("i: 3", "i=3"),
        ("i: null", "i=None"),
        ("f: 3", "f=3.0"),
        ("id: 7", "id='7'"),
        ("b: true, i: 0", "i=0, b=True"),
        ("size: S", "size='S'"),
        ("l: [1, null]", "l=[1, None]"),
        ("l: 1", "l=[1]"),
        ("l: []", "l=[]"),
        ("w: {must: 1}", "w={'size': 'L', 'must': 1}"),
        ("w: {many: 2, note: null, must: 1}", "w={'size': 'L', 'note': None, 'must': 1, 'many': [2]}"),
    ],
)
async def test_6_4_1_literals_are_coerced_and_what_is_not_given_is_absent(arguments: str, expected: str) -> None:
    answer = await both(ASKED, f"{{ told({arguments}) }}")
    assert answer.errors is None
    assert answer.data == {"told": expected}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "i=3, must=4, l=[1, 2], w={'size': 'L', 'must': 1}, none=None"),
        ("(i: 5, must: 6)", "i=5, must=6, l=[1, 2], w={'size': 'L', 'must': 1}, none=None"),
        ("(i: null, l: null, w: null)", "i=None, must=4, l=None, w=None, none=None"),
    ],
)
async def test_6_4_1_an_argument_that_is_not_given_has_its_default_and_null_is_given(given: str, expected: str) -> None:
    answer = await both(ASKED, f"{{ defaults{given} }}")
    assert answer.errors is None
    assert answer.data == {"defaults": expected}


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({}, "i=3, must=4"), ({"i": None}, "i=None, must=4"), ({"i": 5, "must": 6}, "i=5, must=6")],
)
async def test_6_4_1_a_missing_variable_leaves_the_argument_its_default_and_null_does_not(
    variables: Mapping[str, Any], expected: str
) -> None:
    query = "query ($i: Int, $must: Int) { defaults(i: $i, must: $must) }"
    answer = await both(ASKED, query, variables=variables)
    assert answer.errors is None
    assert answer.data == {"defaults": f"{expected}, l=[1, 2], w={{'size': 'L', 'must': 1}}, none=None"}


async def test_6_4_1_a_missing_variable_without_any_default_leaves_its_argument_out() -> None:
    query = "query ($i: Int, $note: String) { told(i: $i, w: {note: $note, must: 1}) }"
    answer = await both(ASKED, query)
    assert answer.data == {"told": "w={'size': 'L', 'must': 1}"}


async def test_6_4_1_a_missing_variable_in_a_list_is_null() -> None:
    query = "query ($i: Int) { told(l: [1, $i]) }"
    assert (await both(ASKED, query)).data == {"told": "l=[1, None]"}
    assert (await both(ASKED, query, variables={"i": 2})).data == {"told": "l=[1, 2]"}


async def test_6_4_1_variables_within_literals_are_their_values() -> None:
    query = "query ($s: Size!, $m: [Int!]) { told(w: {size: $s, many: $m, must: 1}) }"
    answer = await both(ASKED, query, variables={"s": "S", "m": 3})
    assert answer.data == {"told": "w={'size': 'S', 'must': 1, 'many': [3]}"}


async def test_6_4_1_null_for_a_non_null_argument_with_a_default_is_an_error_of_the_field() -> None:
    query = "query ($i: Int) { x: defaults(must: $i) told(i: 1) }"
    answer = await both(ASKED, query, variables={"i": None})
    assert answer.data == {"x": None, "told": "i=1"}
    assert [path for path, _ in told(answer)] == [["x"]]


@pytest.mark.parametrize("variables", [{}, {"i": None}])
async def test_6_4_1_a_variable_with_a_default_may_stand_where_null_may_not(variables: Mapping[str, Any]) -> None:
    answer = await both(ASKED, "query ($i: Int = 5) { must(i: $i) }", variables=variables)
    assert answer.data == {"must": None if variables else "i=5"}
    assert [path for path, _ in told(answer)] == ([["must"]] if variables else [])


async def test_6_4_1_a_custom_scalar_says_what_it_takes() -> None:
    literal = await both(ASKED, "{ told odd(x: 1) }")
    assert literal.data is None
    variable = await both(ASKED, "query ($x: Odd) { told odd(x: $x) }", variables={"x": 1})
    assert variable.data is None


async def test_6_4_1_what_a_resolver_does_to_its_arguments_reaches_nobody_else() -> None:
    def take(source: Any, info: Any, items: list[int]) -> int:
        items.append(0)
        return len(items)

    schema = graphql.build_schema("type Query { all: [One] } type One { take(items: [Int!]): Int }")
    schema.type_map["One"].fields["take"].resolve = take  # type: ignore[attr-defined]
    answer = await both(schema, "{ all { take(items: 1) x: take(items: [1, 2]) } }", root={"all": [{}, {}]})
    assert answer.data == {"all": [{"take": 2, "x": 3}, {"take": 2, "x": 3}]}


SIMPLE = graphql.build_schema("type Query { a: Int b: Int one: Query f(x: Int): Int }")


@dataclass
class Thing:
    """An object with attributes and a method."""

    a: int
    one: Any = None

    def b(self, info: Any) -> int:
        return self.a + 1

    async def f(self, info: Any, x: int) -> int:
        await asyncio.sleep(0)
        return self.a * x


async def test_6_4_2_without_a_resolver_a_field_is_an_attribute_a_key_or_a_call() -> None:
    query = "{ a b f(x: 5) one { a b f(x: 6) one { a b f(x: 7) } } }"
    root = Thing(1, one={"a": 2, "b": lambda info: 3, "f": lambda info, x: -x, "one": Thing(4)})
    assert (await both(SIMPLE, query, root=root)).data == {
        "a": 1,
        "b": 2,
        "f": 5,
        "one": {"a": 2, "b": 3, "f": -6, "one": {"a": 4, "b": 5, "f": 28}},
    }


async def test_6_4_2_what_an_object_does_not_have_is_null() -> None:
    assert (await both(SIMPLE, "{ a one { a } }", root={"one": object()})).data == {"a": None, "one": {"a": None}}


def now(source: Any, info: Any, x: int = 1) -> int:
    if x < 0:
        raise ValueError(f"{x} is too little")
    return x


async def later(source: Any, info: Any, x: int = 1) -> int:
    await asyncio.sleep(0)
    return now(source, info, x)


def promised(source: Any, info: Any, x: int = 1) -> Awaitable[int]:
    return later(source, info, x)


@pytest.mark.parametrize("resolve", [now, later, promised])
async def test_6_4_2_a_resolver_gives_a_value_or_something_to_await_or_raises(resolve: Any) -> None:
    schema = graphql.build_schema("type Query { f(x: Int): Int }")
    schema.query_type.fields["f"].resolve = resolve  # type: ignore[union-attr]
    answer = await both(schema, "{ f x: f(x: 2) bad: f(x: -1) }")
    assert answer.data == {"f": 1, "x": 2, "bad": None}
    assert told(answer) == [(["bad"], "-1 is too little")]


async def test_6_4_2_an_exception_given_back_is_an_exception_raised() -> None:
    root = {"a": ValueError("given"), "b": GraphQLError("told", extensions={"code": "TOLD"})}
    answer = await both(SIMPLE, "{ a b }", root=root)
    assert answer.data == {"a": None, "b": None}
    assert told(answer) == [(["a"], "given"), (["b"], "told")]
    assert [error.extensions for error in answer.errors or []] == [{}, {"code": "TOLD"}]


async def test_6_4_2_a_resolver_is_told_where_it_is_called() -> None:
    def place(source: Any, info: Any) -> str:
        return f"{info.parent_type.name}.{info.field_name} at {info.path.as_list()} with {info.variable_values}"

    schema = graphql.build_schema("type Query { all: [One] } type One { place: String }")
    schema.type_map["One"].fields["place"].resolve = place  # type: ignore[attr-defined]
    query = "query ($in: Boolean!) { all { here: place @include(if: $in) } }"
    answer = await ours(schema, query, root={"all": [{}, {}]}, variables={"in": True})
    assert answer.data == {
        "all": [{"here": f"One.place at ['all', {slot}, 'here'] with {{'in': True}}"} for slot in range(2)]
    }


async def parts_of(ctx: Any, wholes: Sequence[int], *, count: int) -> Sequence[Any]:
    """So many parts of each; fours have none, and zero cannot be parted."""
    ctx.calls.append(list(wholes))
    if count < 0:
        raise ConnectionError("no parts today")
    parts = {0: ZeroDivisionError("zero has no parts"), 4: None}
    return [parts.get(whole, [10 * whole + n for n in range(count)]) for whole in wholes]


async def numbers(ctx: Any, roots: Sequence[None]) -> Sequence[Any]:
    return [[3, 0, 4] for _ in roots]


@strawberry.type
class Number:
    value: int = derived(lambda number: number, description="Itself.")
    real: int = plain("Its real part.")
    parts: list["Number"] | None = batch(parts_of, description="Its parts.", count="How many.")
    must: list["Number"] = batch(parts_of, description="Its parts, for sure.", count="How many.")


@strawberry.type
class Numbers:
    numbers: list[Number | None] = batch(numbers, description="Some.")


BATCHED = strawberry.Schema(Numbers)._schema


def _context() -> SimpleNamespace:
    return SimpleNamespace(calls=[], loaders={})


async def test_6_4_2_a_batch_resolver_answers_for_all_objects_of_a_level_at_once() -> None:
    query = "{ numbers { value parts(count: 1) { value real } x: parts(count: 0) { value } } }"
    answer = await both(BATCHED, query, context=_context())
    assert answer.data == {
        "numbers": [
            {"value": 3, "parts": [{"value": 30, "real": 30}], "x": []},
            {"value": 0, "parts": None, "x": None},
            {"value": 4, "parts": None, "x": None},
        ]
    }
    assert told(answer) == [(["numbers", 1, key], "zero has no parts") for key in ("parts", "x")]
    context = _context()
    await ours(BATCHED, query, context=context)
    assert context.calls == [[3, 0, 4], [3, 0, 4]]


async def test_6_4_2_null_and_errors_of_a_batch_reach_their_own_objects_only() -> None:
    answer = await both(BATCHED, "{ numbers { must(count: 1) { value } } }", context=_context())
    assert answer.data == {"numbers": [{"must": [{"value": 30}]}, None, None]}
    assert told(answer) == [
        (["numbers", 1, "must"], "zero has no parts"),
        (["numbers", 2, "must"], "Cannot return null for non-nullable field Number.must."),
    ]


async def test_6_4_2_a_batch_that_fails_as_a_whole_fails_for_each_object() -> None:
    answer = await both(BATCHED, "{ numbers { value parts(count: -1) { value } } }", context=_context())
    assert answer.data == {"numbers": [{"value": value, "parts": None} for value in (3, 0, 4)]}
    assert told(answer) == [(["numbers", slot, "parts"], "no parts today") for slot in range(3)]
