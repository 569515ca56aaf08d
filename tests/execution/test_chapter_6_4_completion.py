"""The GraphQL specification, section 6.4.3 (numbers of October 2021): completing values.

Where a value cannot be completed, this file asks what is said of it; where nulls go is section 6.4.4's.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import graphql
import pytest

from tests.execution.test_chapter_6_1 import both, told

pytestmark = pytest.mark.anyio

SCHEMA = graphql.build_schema("""
  enum Size { S L }
  scalar Day
  scalar Price
  type One { n: Int }
  type Query {
    int: Int float: Float string: String boolean: Boolean id: ID size: Size day: Day price: Price
    must: Int! ints: [Int] grid: [[Int]] sizes: [Size] days: [Day] ones: [One] deep: [[[One]]]
    one: One
  }
""")


def _day(value: Any) -> Any:
    if value == "bad":
        raise ValueError("That is no day.")
    return None if value == "none" else f"day {value}"


SCHEMA.type_map["Day"].coerce_output_value = _day  # type: ignore[attr-defined]
SCHEMA.type_map["Price"].coerce_output_value = str  # type: ignore[attr-defined]


@pytest.mark.parametrize("field", ["int", "string", "size", "day", "ints", "grid", "one", "ones"])
@pytest.mark.parametrize("nothing", [None, graphql.Undefined])
async def test_6_4_3_null_completes_to_null_whatever_the_type(field: str, nothing: Any) -> None:
    selection = f"{field} {{ n }}" if field.startswith("one") else field
    answer = await both(SCHEMA, f"{{ {selection} }}", root={field: nothing})
    assert answer.errors is None
    assert answer.data == {field: None}


async def test_6_4_3_null_in_a_non_null_position_is_an_error() -> None:
    answer = await both(SCHEMA, "{ must }", root={"must": None})
    assert answer.data is None
    assert told(answer) == [(["must"], "Cannot return null for non-nullable field Query.must.")]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("int", 3, 3),
        ("int", 2.0, 2),
        ("int", True, 1),
        ("int", "7", 7),
        ("int", -(2**31), -(2**31)),
        ("float", 3, 3.0),
        ("float", 1.5, 1.5),
        ("float", "2.5", 2.5),
        ("string", "羽绒", "羽绒"),
        ("string", 3, "3"),
        ("string", True, "true"),
        ("boolean", False, False),
        ("boolean", 1, True),
        ("id", "x", "x"),
        ("id", 7, "7"),
        ("size", "S", "S"),
        ("day", 1, "day 1"),
        ("price", Decimal("1.10"), "1.10"),
    ],
)
async def test_6_4_3_leaves_are_coerced_to_their_type(field: str, value: Any, expected: Any) -> None:
    answer = await both(SCHEMA, f"{{ {field} }}", root={field: value})
    assert answer.errors is None
    assert answer.data == {field: expected}
    assert type((answer.data or {})[field]) is type(expected)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("int", 1.5, "Int cannot represent non-integer value: 1.5"),
        ("int", "x", "Int cannot represent non-integer value: 'x'"),
        ("int", 2**31, "Int cannot represent non 32-bit signed integer value: 2147483648"),
        ("float", "x", "Float cannot represent non numeric value: 'x'"),
        ("float", float("inf"), "Float cannot represent non numeric value: inf"),
        ("string", ["a"], "String cannot represent value: ['a']"),
        ("boolean", "yes", "Boolean cannot represent a non boolean value: 'yes'"),
        ("id", 1.5, "ID cannot represent value: 1.5"),
        ("size", "M", "Enum 'Size' cannot represent value: 'M'"),
        ("size", ["S"], "Enum 'Size' cannot represent value: ['S']"),
        ("day", "bad", "That is no day."),
    ],
)
async def test_6_4_3_a_leaf_that_its_type_does_not_take_is_an_error(field: str, value: Any, message: str) -> None:
    answer = await both(SCHEMA, f"{{ {field} }}", root={field: value})
    assert answer.data == {field: None}
    assert told(answer) == [([field], message)]


async def test_6_4_3_a_scalar_must_not_coerce_to_null() -> None:
    answer = await both(SCHEMA, "{ day int }", root={"day": "none", "int": 1})
    assert answer.data == {"day": None, "int": 1}
    assert [path for path, _ in told(answer)] == [["day"]]


async def test_6_4_3_one_bad_leaf_among_many_is_its_own_error() -> None:
    root = {"ints": [1, "x", 3], "sizes": ["S", "M", "L", None], "days": [1, "bad", "none", 4]}
    answer = await both(SCHEMA, "{ ints sizes days }", root=root)
    assert answer.data == {
        "ints": [1, None, 3],
        "sizes": ["S", None, "L", None],
        "days": ["day 1", None, None, "day 4"],
    }
    assert [path for path, _ in told(answer)] == [["days", 1], ["days", 2], ["ints", 1], ["sizes", 1]]


async def test_6_4_3_an_enum_s_values_may_be_anything_inside() -> None:
    small, large = object(), 2
    values = {"S": graphql.GraphQLEnumValue(small), "L": graphql.GraphQLEnumValue(large)}
    size = graphql.GraphQLEnumType("Size", values)
    fields = {"sizes": graphql.GraphQLField(graphql.GraphQLList(size))}
    schema = graphql.GraphQLSchema(graphql.GraphQLObjectType("Query", fields))
    answer = await both(schema, "{ sizes }", root={"sizes": [large, small, "S"]})
    assert answer.data == {"sizes": ["L", "S", None]}
    assert told(answer) == [(["sizes", 2], "Enum 'Size' cannot represent value: 'S'")]


def _generated() -> Iterator[int]:
    yield from (1, 2)


async def _streamed() -> AsyncIterator[int]:
    yield 1
    await asyncio.sleep(0)
    yield 2


async def _soon(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


@pytest.mark.parametrize(
    "made",
    [
        lambda info: [1, 2],
        lambda info: (1, 2),
        lambda info: {1: "a", 2: "b"}.keys(),
        lambda info: _generated(),
        lambda info: _streamed(),
        lambda info: _soon([1, 2]),
        lambda info: [_soon(1), 2],
        lambda info: _soon((1, _soon(2))),
    ],
    ids=["list", "tuple", "keys", "generator", "stream", "later", "items later", "all later"],
)
async def test_6_4_3_a_list_is_whatever_can_be_gone_through(made: Callable[[Any], Any]) -> None:
    answer = await both(SCHEMA, "{ ints }", root={"ints": made})
    assert answer.errors is None
    assert answer.data == {"ints": [1, 2]}


@pytest.mark.parametrize("value", [3, "text", {"a": 1}, object])
async def test_6_4_3_what_is_no_collection_is_an_error(value: Any) -> None:
    answer = await both(SCHEMA, "{ ints int }", root={"ints": lambda info: value, "int": 1})
    assert answer.data == {"ints": None, "int": 1}
    assert told(answer) == [(["ints"], "Expected Iterable, but did not find one for field 'Query.ints'.")]


async def test_6_4_3_lists_are_completed_item_by_item_at_every_depth() -> None:
    root = {
        "grid": [[1, None], None, [], [2, "x"], 3],
        "deep": [[[{"n": 1}, None], []], [], None, [None, [{"n": "x"}]]],
        "ones": [],
    }
    answer = await both(SCHEMA, "{ grid deep { n } ones { n } }", root=root)
    assert answer.data == {
        "grid": [[1, None], None, [], [2, None], None],
        "deep": [[[{"n": 1}, None], []], [], None, [None, [{"n": None}]]],
        "ones": [],
    }
    assert [path for path, _ in told(answer)] == [["deep", 3, 1, 0, "n"], ["grid", 3, 1], ["grid", 4]]


@dataclass(frozen=True)
class Cat:
    """A pet of its own class."""

    name: str


ZOO = """
  interface Named { name: String }
  type Cat implements Named { name: String lives: Int }
  type Dog implements Named { name: String }
  type Stone { name: String }
  union Pet = Cat | Dog
  type Query { named: Named pet: Pet pets: [Pet] nameds: [Named!] }
"""
PLAIN = graphql.build_schema(ZOO)


async def test_6_4_3_an_abstract_type_is_resolved_to_the_object_type_behind_each_value() -> None:
    pets = [{"__typename": name, "name": name.lower()} for name in ("Cat", "Dog", "Cat")]
    root = {"named": pets[1], "pets": [*pets[:2], None, pets[2]], "pet": pets[0]}
    query = "{ named { __typename name } pet { ... on Cat { lives } } pets { __typename ... on Cat { name } } }"
    assert (await both(PLAIN, query, root=root)).data == {
        "named": {"__typename": "Dog", "name": "dog"},
        "pet": {"lives": None},
        "pets": [
            {"__typename": "Cat", "name": "cat"},
            {"__typename": "Dog"},
            None,
            {"__typename": "Cat", "name": "cat"},
        ],
    }


def _by_length(value: Any, info: Any, abstract: Any) -> str:
    return "Cat" if len(value["name"]) == 3 else "Dog"


async def _by_length_later(value: Any, info: Any, abstract: Any) -> str:
    await asyncio.sleep(0)
    return _by_length(value, info, abstract)


@pytest.mark.parametrize("resolve", [_by_length, _by_length_later])
async def test_6_4_3_a_type_resolver_decides_at_once_or_later(resolve: Any) -> None:
    schema = graphql.build_schema(ZOO)
    schema.type_map["Named"].resolve_type = resolve  # type: ignore[attr-defined]
    root = {"nameds": [{"name": "Tom"}, {"name": "Hasso"}]}
    answer = await both(schema, "{ nameds { name __typename } }", root=root)
    assert answer.data == {"nameds": [{"name": "Tom", "__typename": "Cat"}, {"name": "Hasso", "__typename": "Dog"}]}


@pytest.mark.parametrize("is_slow", [False, True])
async def test_6_4_3_without_a_type_resolver_the_types_are_asked_in_turn(is_slow: bool) -> None:
    schema = graphql.build_schema(ZOO)
    types: Any = schema.type_map
    types["Cat"].is_type_of = lambda value, info: _soon(isinstance(value, Cat)) if is_slow else isinstance(value, Cat)
    types["Dog"].is_type_of = lambda value, info: isinstance(value, dict)
    root = {"pets": [{"name": "Rex"}, Cat("Tom"), 3]}
    answer = await both(schema, "{ pets { __typename } }", root=root)
    assert answer.data == {"pets": [{"__typename": "Dog"}, {"__typename": "Cat"}, None]}
    assert [path for path, _ in told(answer)] == [["pets", 2]]


@pytest.mark.parametrize(
    ("resolved", "message"),
    [
        ("Lion", "Abstract type 'Pet' was resolved to a type 'Lion' that does not exist inside the schema."),
        ("Named", "Abstract type 'Pet' was resolved to a non-object type 'Named'."),
        ("Stone", "Runtime Object type 'Stone' is not a possible type for 'Pet'."),
    ],
)
async def test_6_4_3_what_is_no_possible_type_is_an_error(resolved: str, message: str) -> None:
    pets = [{"__typename": resolved}, {"__typename": "Cat", "name": "Tom"}, {}]
    answer = await both(PLAIN, "{ pets { ... on Cat { name } } }", root={"pets": pets})
    assert answer.data == {"pets": [None, {"name": "Tom"}, None]}
    assert told(answer)[0] == (["pets", 0], message)
    assert [path for path, _ in told(answer)] == [["pets", 0], ["pets", 2]]


async def test_6_4_3_an_object_that_is_not_of_its_type_is_an_error() -> None:
    schema = graphql.build_schema("type Query { one: One ones: [One] } type One { n: Int }")
    schema.type_map["One"].is_type_of = lambda value, info: "n" in value  # type: ignore[attr-defined]
    answer = await both(schema, "{ one { n } ones { n } }", root={"one": {}, "ones": [{"n": 1}, {}, None]})
    assert answer.data == {"one": None, "ones": [{"n": 1}, None, None]}
    message = "Expected value of type 'One' but got: {}."
    assert told(answer) == [(["one"], message), (["ones", 1], message)]
