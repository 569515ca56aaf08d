"""How far null goes up (specification §6.4.4), and which errors remain: the mixtures beside the plain cases."""

from itertools import product
from typing import Any

import pytest
from graphql import GraphQLError

from tests.execution.asking import both, schema_of, told

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("marks", list(product(("", "!"), repeat=4)), ids="".join)
async def test_6_4_4_through_objects_in_lists_in_objects(marks: tuple[str, ...]) -> None:
    """Every mixture of nullable and not, around one value that fails and one that is missing."""
    a, items, item, leaf = marks
    sdl = f"type Query {{ a: A{a} x: Int }} type A {{ bs: [B{item}]{items} n: Int }}"
    sdl += f" type B {{ v: Int{leaf} w: Int{leaf} }}"
    root = {"a": {"bs": [{"v": 1, "w": 1}, {"v": ValueError("boo"), "w": None}, {"v": None, "w": 2}], "n": 3}, "x": 4}
    answer = await both(schema_of(sdl), "{ x a { n bs { v w } } }", root)
    expected: Any = [{"v": 1, "w": 1}, {"v": None, "w": None}, {"v": None, "w": 2}]
    if leaf:
        expected = None if item else [{"v": 1, "w": 1}, None, None]
    inner: Any = {"n": 3, "bs": expected} if expected is not None or not items else None
    assert answer.data == (None if inner is None and a else {"x": 4, "a": inner})


async def test_6_4_4_order_is_that_of_what_is_included() -> None:
    schema = schema_of("type Query { a: A } type A { x: B y: Int! } type B { n: Int }")
    query = "query ($p: Boolean!) { a { ... @include(if: $p) { x { n } } y x { n } } }"
    root = {"a": {"x": {"n": ValueError("n")}, "y": ValueError("y")}}
    assert [path for path, _ in told(await both(schema, query, root, p=False))] == ["a.y"]
    assert [path for path, _ in told(await both(schema, query, root, p=True))] == ["a.x.n", "a.y"]


async def test_6_4_4_errors_of_every_slot_are_kept() -> None:
    schema = schema_of("type Query { as: [A] } type A { n: Int m: Int! }")
    objects = [{"n": ValueError(f"n{i}"), "m": 1 if i % 2 else ValueError(f"m{i}")} for i in range(4)]
    answer = await both(schema, "{ as { n m } }", {"as": objects})
    assert answer.data == {"as": [None, {"n": None, "m": 1}, None, {"n": None, "m": 1}]}
    assert [message for _, message in told(answer)] == ["m0", "n0", "n1", "m2", "n2", "n3"]


async def test_6_4_4_errors_say_where_the_field_stands_as_far_as_it_was_included() -> None:
    schema = schema_of("type Query { a: A } type A { n: Int! }")
    query = "query ($p: Boolean!) {\n a { n @skip(if: $p)\n n\n ...F @skip(if: $p)\n ...F } }\nfragment F on A { n }"
    for p, lines in ((True, [3, 6]), (False, [2, 3, 6])):
        answer = await both(schema, query, {"a": {}}, p=p)
        assert [[at.line for at in error.locations or []] for error in answer.errors or []] == [lines]


async def test_6_4_4_errors_bring_their_extensions_and_may_bring_their_own_path() -> None:
    class Coded(Exception):
        extensions = {"code": "X"}  # noqa: RUF012  # as graphql-core looks for it

    odd = [Coded("a"), GraphQLError("b", extensions={"code": "Y"}), GraphQLError("c", path=["elsewhere", 1])]
    answer = await both(schema_of("type Query { l: [Int] }"), "{ l }", {"l": odd})
    errors = {error.message: error for error in answer.errors or []}
    assert (errors["a"].extensions, errors["b"].extensions) == ({"code": "X"}, {"code": "Y"})
    assert errors["c"].path == ["elsewhere", 1]


async def test_6_4_4_a_non_null_chain_falls_as_far_as_it_reaches() -> None:
    schema = schema_of("type Query { c: C top: C! } type C { c: C! d: C n: Int! }")
    bad: Any = {"n": 1}
    bad["c"] = {"n": None}
    root = {"c": {"n": 1, "c": {"n": 1, "d": {"n": 1, "c": bad}, "c": {"n": 2}}}, "top": {"n": 1, "c": bad}}
    answer = await both(schema, "{ c { n c { n d { c { c { n } } } } } }", root)
    assert answer.data == {"c": {"n": 1, "c": {"n": 1, "d": None}}}
    answer = await both(schema, "{ c { n } top { c { c { n } } } }", root)
    assert answer.data is None
    assert told(answer) == [("top.c.c.n", "Cannot return null for non-nullable field C.n.")]
