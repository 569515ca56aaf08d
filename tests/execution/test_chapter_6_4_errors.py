"""The GraphQL specification, section 6.4.4 (numbers of October 2021): field errors, and how far they make null.

Every nesting of lists and objects, nullable or not, has a null or an exception at its innermost place.
"""

import asyncio
from typing import Any

import graphql
import pytest

from tests.execution.test_chapter_6_1 import both, ours, told

pytestmark = pytest.mark.anyio

SCHEMA = graphql.build_schema("""
  type Node {
    n: Int must: Int!
    maybe: Node sure: Node!
    nodes: [Node] sureNodes: [Node!] allSure: [Node!]! listSure: [Node]!
  }
  type Query {
    n: Int must: Int! node: Node sure: Node! nodes: [Node]
    a: [Int] b: [Int!] c: [Int]! d: [Int!]!
    aa: [[Int]] ab: [[Int!]] ac: [[Int]!] ad: [[Int!]!] ae: [[Int!]!]!
    deep: [[[Int!]!]]
  }
""")
BOO = ValueError("boo")
Part = str | int


async def failing(query: str, root: Any) -> tuple[Any, list[list[Part] | None]]:
    """The data and the paths of the errors, the same from both executors."""
    answer = await both(SCHEMA, query, root=root)
    return answer.data, [path for path, _ in told(answer)]


async def test_6_4_4_a_field_that_fails_is_null_and_its_siblings_keep_their_values() -> None:
    data, paths = await failing("{ n node { n maybe { n } } x: n }", {"n": 1, "node": {"n": BOO, "maybe": {"n": 2}}})
    assert data == {"n": 1, "node": {"n": None, "maybe": {"n": 2}}, "x": 1}
    assert paths == [["node", "n"]]


async def test_6_4_4_an_error_tells_its_message_its_path_and_where_the_document_asks() -> None:
    answer = await both(SCHEMA, "{\n  node {\n    alias: n\n  }\n}", root={"node": {"n": BOO}})
    (error,) = answer.errors or []
    assert error.formatted == {
        "message": "boo",
        "path": ["node", "alias"],
        "locations": [{"line": 3, "column": 5}],
    }


async def test_6_4_4_null_without_an_error_is_no_error() -> None:
    assert await failing("{ n a node { n } }", {"a": [None]}) == ({"n": None, "a": [None], "node": None}, [])


@pytest.mark.parametrize("bad", [None, BOO, "x"], ids=["null", "exception", "bad leaf"])
@pytest.mark.parametrize(
    ("field", "value", "expected", "path"),
    [
        ("b", [1, "bad", 3], None, ["b", 1]),
        ("d", [1, "bad", 3], "nothing", ["d", 1]),
        ("ab", [[1], [2, "bad"], None], [[1], None, None], ["ab", 1, 1]),
        ("ad", [[1], [2, "bad"]], None, ["ad", 1, 1]),
        ("ae", [[1], ["bad"]], "nothing", ["ae", 1, 0]),
        ("ac", [[1], "bad"], None, ["ac", 1]),
        ("c", "bad", "nothing", ["c"]),
        ("deep", [[[1]], [[2], [3, "bad"]], []], [[[1]], None, []], ["deep", 1, 1, 1]),
    ],
)
async def test_6_4_4_null_goes_up_to_the_nearest_nullable_position_of_a_list(
    bad: Any, field: str, value: Any, expected: Any, path: list[Part]
) -> None:
    data, paths = await failing(f"{{ n {field} }}", {"n": 1, field: _with(bad, value)})
    assert data == (None if expected == "nothing" else {"n": 1, field: expected})
    assert paths == [path]


def _with(bad: Any, value: Any) -> Any:
    """Put what is bad where a value says so."""
    if isinstance(value, list):
        return [_with(bad, item) for item in value]
    return bad if value == "bad" else value


@pytest.mark.parametrize("field", ["a", "c"])
async def test_6_4_4_nullable_items_absorb_their_own_errors(field: str) -> None:
    data, paths = await failing(f"{{ {field} }}", {field: [1, BOO, None, "x", 5]})
    assert data == {field: [1, None, None, None, 5]}
    assert paths == [[field, 1], [field, 3]]


@pytest.mark.parametrize("bad", [None, BOO], ids=["null", "exception"])
@pytest.mark.parametrize(
    ("query", "node", "expected", "path"),
    [
        ("must", {"must": "bad"}, None, ["must"]),
        ("sure { n }", {"sure": "bad"}, None, ["sure"]),
        ("sure { must }", {"sure": {"must": "bad"}}, None, ["sure", "must"]),
        ("sure { sure { must } }", {"sure": {"sure": {"must": "bad"}}}, None, ["sure", "sure", "must"]),
        ("maybe { sure { must } }", {"maybe": {"sure": {"must": "bad"}}}, {"maybe": None}, ["maybe", "sure", "must"]),
        ("sure { maybe { must } }", {"sure": {"maybe": {"must": "bad"}}}, {"sure": {"maybe": None}}, None),
        ("nodes { must }", {"nodes": [{"must": 1}, {"must": "bad"}]}, {"nodes": [{"must": 1}, None]}, None),
        ("sureNodes { must }", {"sureNodes": [{"must": 1}, {"must": "bad"}]}, {"sureNodes": None}, None),
        ("allSure { must }", {"allSure": [{"must": "bad"}]}, None, ["allSure", 0, "must"]),
        ("listSure { must }", {"listSure": [{"must": "bad"}, {"must": 2}]}, {"listSure": [None, {"must": 2}]}, None),
        ("allSure { sure { n } }", {"allSure": [{"sure": {}}, {"sure": "bad"}]}, None, ["allSure", 1, "sure"]),
    ],
)
async def test_6_4_4_null_goes_up_to_the_nearest_nullable_object_or_list(
    bad: Any, query: str, node: Any, expected: Any, path: list[Part] | None
) -> None:
    data, paths = await failing(f"{{ n node {{ {query} }} }}", {"n": 1, "node": _filled(bad, node)})
    assert data == {"n": 1, "node": expected}
    assert len(paths) == 1
    if path is not None:
        assert paths == [["node", *path]]


def _filled(bad: Any, node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _filled(bad, value) for key, value in node.items()}
    return [_filled(bad, item) for item in node] if isinstance(node, list) else _with(bad, node)


@pytest.mark.parametrize(
    ("query", "root", "path"),
    [
        ("must", {"must": None}, ["must"]),
        ("sure { must }", {"sure": {"must": BOO}}, ["sure", "must"]),
        ("sure { sure { sure { must } } }", {"sure": {"sure": {"sure": {}}}}, ["sure", "sure", "sure", "must"]),
        (
            "sure { allSure { sure { must } } }",
            {"sure": {"allSure": [{"sure": {"must": 1}}, {"sure": {"must": BOO}}]}},
            ["sure", "allSure", 1, "sure", "must"],
        ),
    ],
)
async def test_6_4_4_a_chain_of_non_null_to_the_root_makes_the_whole_answer_null(
    query: str, root: Any, path: list[Part]
) -> None:
    assert await failing(f"{{ n {query} }}", {"n": 1, **root}) == (None, [path])


async def test_6_4_4_each_error_that_makes_its_own_position_null_is_told() -> None:
    nodes = [{"must": BOO}, {"must": 1, "n": BOO}, {"must": None}, None, BOO]
    data, paths = await failing("{ nodes { n must } }", {"nodes": nodes})
    assert data == {"nodes": [None, {"n": None, "must": 1}, None, None, None]}
    assert paths == [["nodes", 0, "must"], ["nodes", 1, "n"], ["nodes", 2, "must"], ["nodes", 4]]


async def test_6_4_4_a_position_becomes_null_for_one_reason_only() -> None:
    node = {"x": 1, "must": None, "sure": BOO, "allSure": [{"must": None}, {"must": BOO}]}
    data, paths = await failing("{ node { must sure { n } allSure { must } } }", {"node": node})
    assert data == {"node": None}
    assert paths == [["node", "must"]]


async def test_6_4_4_of_a_list_s_bad_items_the_first_is_told() -> None:
    assert await failing("{ b }", {"b": [1, None, BOO, "x"]}) == ({"b": None}, [["b", 1]])
    assert await failing("{ ad }", {"ad": [[1], [2, BOO], None]}) == ({"ad": None}, [["ad", 1, 1]])


async def test_6_4_4_an_error_below_a_failed_non_null_field_is_not_told_twice() -> None:
    data, paths = await failing("{ node { sure { must sure { must } } } }", {"node": {"sure": {"must": BOO}}})
    assert data == {"node": None}
    assert paths == [["node", "sure", "must"]]


async def test_6_4_4_one_exception_in_many_places_is_an_error_in_each() -> None:
    data, paths = await failing("{ a n x: n node { n } }", {"a": [BOO, 1, BOO], "n": BOO, "node": {"n": BOO}})
    assert data == {"a": [None, 1, None], "n": None, "x": None, "node": {"n": None}}
    assert paths == [["a", 0], ["a", 2], ["n"], ["node", "n"], ["x"]]


async def test_6_4_4_paths_name_aliases_and_the_indices_of_lists_with_nulls_in_them() -> None:
    nodes = [None, {"nodes": [{"n": 1}, None, {"n": BOO}]}, {"nodes": None}, {"nodes": [{"n": BOO}]}]
    data, paths = await failing("{ x: nodes { y: nodes { z: n } } }", {"nodes": nodes})
    assert data == {"x": [None, {"y": [{"z": 1}, None, {"z": None}]}, {"y": None}, {"y": [{"z": None}]}]}
    assert paths == [["x", 1, "y", 2, "z"], ["x", 3, "y", 0, "z"]]


async def test_6_4_4_fields_merged_from_several_places_are_one_error_with_all_their_locations() -> None:
    answer = await both(SCHEMA, "{ node { n } node { n } }", root={"node": {"n": BOO}})
    (error,) = answer.errors or []
    assert [(place.line, place.column) for place in error.locations or []] == [(1, 10), (1, 21)]


async def test_6_4_4_what_comes_late_fails_as_what_is_there_at_once() -> None:
    async def late(info: Any) -> Any:
        await asyncio.sleep(0)
        raise BOO

    nodes = [{"must": late, "n": 1}, {"must": 2, "n": late}]
    data, paths = await failing("{ n nodes { n must } }", {"n": late, "nodes": nodes})
    assert data == {"n": None, "nodes": [None, {"n": None, "must": 2}]}
    assert paths == [["n"], ["nodes", 0, "must"], ["nodes", 1, "n"]]


async def test_6_4_4_the_first_in_the_document_is_told_whoever_is_late() -> None:
    async def late(info: Any) -> Any:
        await asyncio.sleep(0)
        raise ValueError("late")

    answer = await ours(SCHEMA, "{ node { must sure { n } } }", root={"node": {"must": late, "sure": BOO}})
    assert answer.data == {"node": None}
    assert told(answer) == [(["node", "must"], "late")]
