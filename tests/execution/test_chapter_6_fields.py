"""The GraphQL specification (September 2025), sections 6.4.1 to 6.4.3: arguments, resolving, completing values."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

import graphql
import pytest

from tests.execution.asking import both, schema_of, told

pytestmark = pytest.mark.anyio

ECHO = schema_of("""
  enum E { X Y }
  input In { n: Int = 7 s: String! in: In }
  type Query {
    f(i: Int = 3, must: Int! = 4, e: E, l: [[Int]], in: In): String
    r(i: Int!): String must(i: Int!): String!
  }
""")


def _echo(source: Any, info: Any, **given: Any) -> str:
    return repr(dict(sorted(given.items())))


for _name in ("f", "r", "must"):
    ECHO.query_type.fields[_name].resolve = _echo  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("arguments", "given", "expected"),
    [
        ("", {}, {"i": 3, "must": 4}),
        ("(i: null)", {}, {"i": None, "must": 4}),
        ("(i: $i)", {}, {"i": 3, "must": 4}),
        ("(i: $i)", {"i": None}, {"i": None, "must": 4}),
        ("(must: $i)", {}, {"i": 3, "must": 4}),
        ("(must: $i, e: $e)", {"i": 9, "e": "Y"}, {"e": "Y", "i": 3, "must": 9}),
        ("(e: $e)", {}, {"i": 3, "must": 4}),
        ("(l: 1)", {}, {"i": 3, "l": [[1]], "must": 4}),
        ("(l: [1, [2, $i], null])", {}, {"i": 3, "l": [[1], [2, None], None], "must": 4}),
        ('(in: {s: "a"})', {}, {"i": 3, "in": {"n": 7, "s": "a"}, "must": 4}),
        ('(in: {s: "a", n: $i})', {}, {"i": 3, "in": {"n": 7, "s": "a"}, "must": 4}),
        ('(in: {s: "a", n: $i})', {"i": None}, {"i": 3, "in": {"n": None, "s": "a"}, "must": 4}),
        ('(in: {s: "a", n: null, in: {s: "b"}})', {}, None),
    ],
)
async def test_6_4_1_arguments_have_values_defaults_or_are_absent(
    arguments: str, given: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    declared = " ".join(f"${name}: {type}" for name, type in (("i", "Int"), ("e", "E")) if f"${name}" in arguments)
    answer = await both(ECHO, f"query {f'({declared})' if declared else ''} {{ f{arguments} }}", **given)
    assert answer.errors is None
    if expected is not None:
        assert answer.data == {"f": repr(expected)}


@pytest.mark.parametrize("field", ["r", "must"])
async def test_6_4_1_null_for_what_must_not_be_null_is_an_error_of_the_field(field: str) -> None:
    """A nullable variable with a default may stand there (§5.8.5); told null, the field fails at run time."""
    query = f"query ($i: Int = 1) {{ a: {field}(i: $i) b: r(i: 2) }}"
    assert (await both(ECHO, query)).errors is None
    answer = await both(ECHO, query, i=None)
    assert answer.data == ({"a": None, "b": "{'i': 2}"} if field == "r" else None)
    assert [path for path, _ in told(answer)] == ["a"]


async def test_6_4_1_one_field_with_other_arguments_under_each_alias() -> None:
    answer = await both(ECHO, "query ($i: Int!) { a: r(i: 1) b: r(i: $i) c: r(i: 1) }", i=2)
    assert answer.data == {"a": "{'i': 1}", "b": "{'i': 2}", "c": "{'i': 1}"}


class Record(Mapping[str, Any]):
    """A mapping that is no dict."""

    def __getitem__(self, key: str) -> Any:
        return {"n": 5}[key]

    def __iter__(self) -> Iterator[str]:
        return iter(("n",))

    def __len__(self) -> int:
        return 1


async def _five(info: Any) -> int:
    await asyncio.sleep(0)
    return 5


@pytest.mark.parametrize(
    "source",
    [
        {"n": 5},
        MappingProxyType({"n": 5}),
        Record(),
        SimpleNamespace(n=5),
        {"n": lambda info: 5},
        {"n": _five},
        SimpleNamespace(n=lambda info: 5),
    ],
    ids=["dict", "mapping", "property", "attribute", "key that is called", "coroutine", "method"],
)
async def test_6_4_2_without_a_resolver_it_is_a_key_an_attribute_or_what_a_call_gives(source: Any) -> None:
    schema = schema_of("type Query { one: T many: [T] } type T { n: Int }")
    answer = await both(schema, "{ one { n } many { n } }", {"one": source, "many": [source, {"n": 1}, source]})
    assert answer.data == {"one": {"n": 5}, "many": [{"n": 5}, {"n": 1}, {"n": 5}]}


async def test_6_4_2_a_resolver_may_give_something_to_await_a_future_or_an_exception() -> None:
    def future(source: Any, info: Any) -> asyncio.Future[int]:
        soon = asyncio.get_running_loop().create_future()
        soon.set_result(1)
        return soon

    schema = schema_of("type Query { f: Int e: Int }", Query_f=future, Query_e=lambda *_: ValueError("given back"))
    answer = await both(schema, "{ f e }")
    assert answer.data == {"f": 1, "e": None}
    assert told(answer) == [("e", "given back")]


async def _streamed(*items: Any) -> AsyncIterator[Any]:
    for item in items:
        yield item


@pytest.mark.parametrize(
    "items",
    [
        lambda: [1, None, 3],
        lambda: (1, None, 3),
        lambda: (n for n in (1, None, 3)),
        lambda: iter([1, None, 3]),
        lambda: {1: 0, None: 0, 3: 0}.keys(),
        lambda: _streamed(1, None, 3),
    ],
)
async def test_6_4_3_a_list_is_whatever_can_be_gone_through(items: Any) -> None:
    schema = schema_of("type Query { l: [Int] ll: [[Int]] }", Query_l=lambda *_: items(), Query_ll=lambda *_: [items()])
    assert (await both(schema, "{ l ll }")).data == {"l": [1, None, 3], "ll": [[1, None, 3]]}


@pytest.mark.parametrize("value", [7, "text", {"a": 1}, b"bytes"])
async def test_6_4_3_what_cannot_be_gone_through_is_no_list(value: Any) -> None:
    answer = await both(schema_of("type Query { l: [Int] ll: [[Int]] }"), "{ l ll }", {"l": value, "ll": [value, [1]]})
    assert answer.data == {"l": None, "ll": [None, [1]]}
    assert [path for path, _ in told(answer)] == ["l", "ll.0"]


async def test_6_4_3_leaves_are_coerced_or_refused() -> None:
    schema = schema_of("type Query { i: [Int] f: [Float] s: [String] b: [Boolean] id: [ID] }")
    odd = [0, 1, True, 2.0, 2.5, "3", "x", 2**31, float("inf"), float("nan"), None, b"x", {}, [], graphql.Undefined]
    answer = await both(schema, "{ i f s b id }", dict.fromkeys("ifsb", odd) | {"id": odd})
    assert answer.data is not None
    assert answer.data["i"][:4] == [0, 1, 1, 2]


async def test_6_4_3_enums_answer_with_their_names_whatever_stands_behind_them() -> None:
    schema = graphql.build_schema("enum E { A B C } type Query { es: [E] e: E! }")
    behind = {"A": 1, "B": "b", "C": (1, 2)}
    schema.type_map["E"].__init__("E", behind)  # type: ignore[misc]
    answer = await both(schema, "{ es }", {"es": [1, "b", (1, 2), None, [1, 2], {}, "A", True, 1]})
    assert answer.data == {"es": ["A", "B", "C", None, None, None, None, "A", "A"]}
    assert [path for path, _ in told(answer)] == ["es.4", "es.5", "es.6"]


async def test_6_4_3_a_custom_scalar_may_refuse_and_must_not_give_null() -> None:
    def serialise(value: Any) -> Any:
        if value == "bad":
            raise ZeroDivisionError("bad value")
        return {"none": None, "undefined": graphql.Undefined}.get(value, {"told": value})

    schema = graphql.build_schema("scalar S type Query { ss: [S] must: S! }")
    schema.type_map["S"].coerce_output_value = serialise  # type: ignore[attr-defined]
    answer = await both(schema, "{ ss must }", {"ss": ["a", "bad", "none", "undefined", None], "must": "b"})
    assert answer.data == {"ss": [{"told": "a"}, None, None, None, None], "must": {"told": "b"}}
    assert [path for path, _ in told(answer)] == ["ss.1", "ss.2", "ss.3"]


ABSTRACT = """
  interface I { n: Int } type A implements I { n: Int } type B implements I { n: Int } union U = A | B
  type Other { n: Int } type Query { i: [I] u: [U] must: [I!] }
"""


async def test_6_4_3_an_abstract_column_is_split_by_type_and_put_together_in_order() -> None:
    values = [{"__typename": "AB"[n % 2], "n": n} for n in range(7)]
    answer = await both(schema_of(ABSTRACT), "{ i { __typename n } u { ... on B { n } } }", {"i": values, "u": values})
    assert answer.data is not None
    assert [value["n"] for value in answer.data["i"]] == list(range(7))
    assert answer.data["u"] == [{}, {"n": 1}, {}, {"n": 3}, {}, {"n": 5}, {}]


@pytest.mark.parametrize("name", ["Nope", "U", "Other", None, 3, "Query", ""])
async def test_6_4_3_a_type_that_is_none_is_an_error_of_the_slot(name: Any) -> None:
    schema = schema_of(ABSTRACT)
    schema.type_map["I"].resolve_type = lambda value, info, abstract: value["is"]  # type: ignore[attr-defined]
    values = [{"is": "A", "n": 1}, {"is": name, "n": 2}]
    answer = await both(schema, "{ i { n } must { n } }", {"i": values, "must": values})
    assert answer.data == {"i": [{"n": 1}, None], "must": None}


@pytest.mark.parametrize("is_slow", [False, True])
async def test_6_4_3_types_that_know_their_own_are_asked_in_turn(is_slow: bool) -> None:
    schema: Any = schema_of(ABSTRACT)

    def says(letter: str) -> Any:
        def at_once(value: Any, info: Any) -> Any:
            if value["is"] == "?":
                raise LookupError("who knows")
            return value["is"] == letter

        async def later(value: Any, info: Any) -> Any:
            await asyncio.sleep(0)
            return at_once(value, info)

        return later if is_slow else at_once

    schema.type_map["A"].is_type_of, schema.type_map["B"].is_type_of = says("A"), says("B")
    values = [{"is": "B", "n": 1}, {"is": "C"}, {"is": "A", "n": 2}, {"is": "?"}]
    answer = await both(schema, "{ i { __typename n } }", {"i": values})
    assert answer.data == {"i": [{"__typename": "B", "n": 1}, None, {"__typename": "A", "n": 2}, None]}
    assert [path for path, _ in told(answer)] == ["i.1", "i.3"]


async def test_6_4_3_an_object_that_its_type_disowns_is_an_error() -> None:
    schema: Any = schema_of("type Query { a: A as: [A!] } type A { n: Int }")
    schema.type_map["A"].is_type_of = lambda value, info: "n" in value
    answer = await both(schema, "{ a { n } as { n } }", {"a": {}, "as": [{"n": 1}, {}]})
    assert answer.data == {"a": None, "as": None}
    assert [path for path, _ in told(answer)] == ["a", "as.1"]
