"""Whose is what: arguments are the run's own, permissions and type resolvers are strawberry's, cancellation is ours."""

import asyncio
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import graphql
import pytest
import strawberry
from strawberry.permission import BasePermission

from execution.run import Level
from execution.waiting import GaveUp
from schema.base import batch, plain, view
from schema.executing import EngineSchema
from tests.execution.asking import both, engine_of, ours, planned, schema_of, told

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True)
class Thing:
    """Whatever it is called, it may be taken for something else."""

    name: str

    @property
    async def soon(self) -> str:
        """An attribute that must be awaited."""
        return self.name.upper()


class Nobody(BasePermission):
    message = "nobody may"

    def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
        return False


async def spoil(ctx: Any, things: Sequence[Any], *, words: list[str]) -> Sequence[str]:
    """Says the words and spoils them."""
    said = ",".join(words)
    words.clear()
    return [said for _ in things]


async def give_up(ctx: Any, things: Sequence[Any]) -> Sequence[str]:
    """Is cancelled by somebody, though not by us."""
    raise asyncio.CancelledError


@strawberry.interface
class Named:
    name: str

    @classmethod
    def resolve_type(cls, value: Any, info: Any, abstract: Any) -> str:
        return "Second" if value.name == "second" else "First"


@view(Thing, description="What most things are.")
class First(Named):
    name: str = plain("What it is called.")
    soon: str = plain("Comes later.")
    given_up: str | None = batch(give_up, description="Never comes.")
    said: str = batch(spoil, description="Says what it is told.", words="What to say.")


@view(Thing, description="What a thing is if it says so.")
class Second(Named):
    name: str = plain("What it is called.")


async def things(ctx: Any, roots: Sequence[None]) -> Sequence[Any]:
    return [[Thing("first"), Thing("second")]]


def _none() -> list[Any]:
    return []


@strawberry.type
class Query:
    named: list[Named] = batch(things, description="Some.")
    firsts: list[First] = batch(things, description="Some.")
    secret: list[First] | None = strawberry.field(
        resolver=_none, metadata={"batch": things, "name": "things"}, permission_classes=[Nobody]
    )

    @strawberry.field
    def where(self, info: strawberry.Info, words: Annotated[list[str], strawberry.argument()]) -> str:
        words.append(f"{info.path.typename}.{info.path.key}")
        return " ".join(words)


GRAPH = EngineSchema(Query, types=[First, Second])


@dataclass
class Ctx:
    request_id: str = "r"


async def answered(query: str) -> Any:
    return await GRAPH.execute(query, None, Ctx())


async def test_what_a_resolver_does_to_a_constant_argument_does_not_outlive_the_run() -> None:
    query = '{ firsts { said(words: ["a", "b"]) } where(words: ["x"]) }'
    for _ in range(3):
        assert (await answered(query)).data == {"firsts": [{"said": "a,b"}] * 2, "where": "x Query.where"}


async def test_nor_does_it_reach_the_next_object() -> None:
    def spoils(source: Any, info: Any, words: list[str]) -> int:
        words.append("more")
        return len(words)

    schema = schema_of("type Query { ts: [T] } type T { n(words: [String!]!): Int }", T_n=spoils)
    assert (await both(schema, '{ ts { n(words: ["a"]) } }', {"ts": [{}, {}, {}]})).data == {"ts": [{"n": 2}] * 3}


async def test_an_argument_may_have_any_name() -> None:
    def sums(source: Any, info: Any, **given: int) -> int:
        return sum(given.values())

    names = ("call", "given", "named", "name", "objects", "run", "place", "ctx")
    told = ", ".join(f"{name}: Int" for name in names)
    given = ", ".join(f"{name}: 1" for name in names)
    schema = schema_of(f"type Query {{ n({told}): Int }}", Query_n=sums)
    assert (await both(schema, f"{{ n({given}) }}")).data == {"n": len(names)}


async def test_permissions_stand_around_a_field_however_it_is_bound() -> None:
    answer = await answered("{ secret { name } }")
    assert answer.data == {"secret": None}
    assert answer.errors[0].original_error.args == ("nobody may",)


async def test_a_type_resolver_of_somebody_s_own_decides_not_the_class() -> None:
    assert (await answered("{ named { __typename } }")).data == {
        "named": [{"__typename": "First"}, {"__typename": "Second"}]
    }


async def test_an_attribute_may_be_something_to_await() -> None:
    assert (await answered("{ firsts { soon } }")).data == {"firsts": [{"soon": "FIRST"}, {"soon": "SECOND"}]}


async def test_a_resolver_that_somebody_else_cancels_is_an_error_of_its_field() -> None:
    answer = await answered("{ firsts { name givenUp } }")
    assert answer.data == {"firsts": [{"name": "first", "givenUp": None}, {"name": "second", "givenUp": None}]}
    assert {type(error.original_error) for error in answer.errors} == {GaveUp}


async def test_who_listens_and_fails_leaves_nobody_at_work() -> None:
    ended: list[str] = []

    async def long(source: Any, info: graphql.GraphQLResolveInfo[Any]) -> int:
        try:
            return await asyncio.sleep(60, 1)
        finally:
            ended.append(info.field_name)

    async def short(source: Any, info: Any) -> int:
        return await asyncio.sleep(0.01, 1)

    def fail(level: Level) -> None:
        raise OSError("nowhere to write")

    schema = schema_of("type Query { a: Int b: Int c: Int }", Query_a=long, Query_b=long, Query_c=short)
    engine, before = engine_of(schema, hook=fail), asyncio.all_tasks()
    with pytest.raises(OSError, match="nowhere to write"):
        await engine.execute(planned(engine, "{ a b c }"))
    assert sorted(ended) == ["a", "b"]
    assert asyncio.all_tasks() == before


async def test_the_stack_does_not_grow_with_the_number_of_objects() -> None:
    depths: list[int] = []

    def deep(source: Any, info: Any) -> int:
        frame, depth = inspect.currentframe(), 0
        while frame is not None:
            frame, depth = frame.f_back, depth + 1
        depths.append(depth)
        return 1

    schema = schema_of("type Query { ts: [T!] } type T { ts: [T!] n: Int }", T_n=deep)
    for count in (1, 30):
        root: Any = {"ts": [{"ts": [{}] * count}] * count}
        assert (await ours(schema, "{ ts { ts { n } } }", root)).errors is None
    assert len(set(depths)) == 1
    assert len(depths) == 1 + 30 * 30


async def test_what_is_nested_too_deeply_to_run_is_an_error_not_a_crash() -> None:
    schema = schema_of("type Query { q: Query n: Int }")
    root: dict[str, Any] = {"n": 1}
    root["q"] = root
    answer = await ours(schema, "{ q " * 180 + "{ n }" + " }" * 180, root)
    assert told(answer) in ([], [("", "Selections are nested too deeply. Execution aborted.")])


async def test_resolvers_are_told_of_the_places_that_are_included() -> None:
    lines: list[list[int]] = []

    def listen(source: Any, info: graphql.GraphQLResolveInfo[Any]) -> None:
        lines.append([node.loc.start_token.line for node in info.field_nodes if node.loc])

    schema = schema_of("type Query { n: Int }", Query_n=listen)
    query = "query ($p: Boolean!) {\n n @include(if: $p)\n n\n ... @skip(if: $p) {\n n } }"
    await both(schema, query, p=True)
    await both(schema, query, p=False)
    assert lines == [[2, 3], [2, 3], [3, 5], [3, 5]]
