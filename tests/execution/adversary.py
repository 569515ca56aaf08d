"""A schema that is out to trip an executor: nulls, errors and wrong values in odd places, sync and async.

A world is made of a seed twice: once with everything there at once, once with much of it still to come. What it
answers must not depend on that.
"""

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Any

import graphql
from graphql import GraphQLObjectType, GraphQLSchema

SDL = """
scalar Instant
scalar Decimal
interface Node { id: ID! next: Node kin: [Node!] }
interface Named implements Node { id: ID! next: Node kin: [Node!] name: String! }
type A implements Node {
  id: ID! next: Node kin: [Node!]
  i: Int! f: Float s: String b: Boolean! e: E es: [E!]! grid: [[Int!]] gridA: [[A!]!]
  a: A mustA: A! as: [A!]! pet: Pet pets: [Pet] only: Only c: C
  at: Instant price: Decimal! prices: [Decimal]
  sum(x: Int = 3, y: [Int!], e: E = X, in: In): String must(x: Int! = 4, call: [String!]! = ["a"]): String!
}
type B implements Named & Node { id: ID! next: Node kin: [Node!] name: String! a: A b: B only: Only! i: String }
type C { c: C! d: C cs: [[C!]!]! i: Int! up: Named }
union Pet = A | B
union Only = B
enum E { X Y }
input In { n: Int = 7 s: String! e: [E] in: In }
type Query { a: A mustA: A! node: Node nodes: [Node!] named: Named pets: [Pet] c: C! sum(x: Int!, e: E): String }
type Mutation { a: A b: B c: C pets: [Pet!] must(x: Int! = 1): String! }
type Subscription { a: A mustA: A! node: Node nodes: [Node] c: C! at: Instant }
"""

VALUES: Mapping[str, list[Any]] = {
    "Int": [-5, 0, 3],
    "String": ["a", "羽绒"],
    "ID": ["1", 2],
    "Boolean": [True, False],
    "Float": [1.5, 2],
}

LEAVES: Mapping[str, list[Any]] = {
    "Int": [0, 1, -3, True, 2.0, 2**31, "7", "x"],
    "Float": [0.5, 1, True, float("nan"), "2.5", "x"],
    "String": ["", "a", "羽绒", 3, True, 1.5, ["a"]],
    "ID": ["1", "2", 2, "x", 1.5],
    "Boolean": [True, False, 1, 0, "yes"],
    "E": ["X", "Y", "X", "Z", 3, ["X"], {}],
    "Instant": ["2026-11-21", "2027-01-01", "none", "bad"],
    "Decimal": [Decimal("1.10"), Decimal(3), Decimal(-1), "x"],
}

TOLD = graphql.GraphQLError("told", extensions={"code": "TOLD"})
DEAD = [None, None, ValueError("boo"), TOLD, graphql.GraphQLError("own path", path=["own"]), graphql.Undefined]


class Later:
    """A value that comes after some turns of the loop, as often as it is asked for."""

    def __init__(self, value: Any, turns: int) -> None:
        self.value, self.turns = value, turns

    def __await__(self) -> Generator[Any, None, Any]:
        for _ in range(self.turns):
            yield from asyncio.sleep(0).__await__()
        if isinstance(self.value, Exception) and self.turns % 2:
            raise self.value
        return self.value


class Some:
    """Items that are no list, but can be gone through."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)


class Stream(Some):
    """Items that come one by one."""

    __iter__ = None  # type: ignore[assignment]

    async def __aiter__(self) -> AsyncIterator[Any]:
        for item in self.items:
            await asyncio.sleep(0)
            yield item


class Odd(dict[str, Any]):
    """A mapping that is not quite a dict."""


def schema(*, is_slow: bool) -> GraphQLSchema:
    """Build it; types and type resolvers that take their time if it is to be slow."""
    built = graphql.build_schema(SDL)
    types: Mapping[str, Any] = built.type_map
    types["Instant"].coerce_output_value = _instant
    types["Decimal"].coerce_output_value = lambda value: str(value.quantize(Decimal("0.01")))
    types["B"].is_type_of = _later(_is_b) if is_slow else _is_b
    types["Only"].resolve_type = _later(_only) if is_slow else _only
    for type in types.values():
        if isinstance(type, GraphQLObjectType) and not type.name.startswith("__"):
            for name in ("sum", "must"):
                if name in type.fields:
                    type.fields[name].resolve = _later(_told) if is_slow else _told
    return built


class World:
    """Three objects of each type, knowing each other in circles: mostly legal, here and there not."""

    def __init__(self, schema: GraphQLSchema, random: Random, *, is_slow: bool) -> None:
        self._schema, self._random, self._is_slow = schema, random, is_slow
        self._odds = random.choice([0.02, 0.1, 0.25])
        names = [type.name for type in schema.type_map.values() if isinstance(type, GraphQLObjectType)]
        self._objects = {name: [self._object(name) for _ in range(3)] for name in names if not name.startswith("__")}
        for objects in self._objects.values():
            for one in objects:
                self._fill(one)

    def root(self, kind: str) -> Any:
        """What an operation of a kind starts from."""
        return self._objects[kind.capitalize()][0]

    def _object(self, name: str) -> Any:
        kind: Any = self._random.choice([dict, dict, dict, Odd, object])
        if kind is not object:
            return kind({"__typename": name})
        return type(name, (), {f"_{name}__typename": name})()

    def _fill(self, one: Any) -> None:
        name = one["__typename"] if isinstance(one, dict) else one.__class__.__name__
        fields: Mapping[str, Any] = self._schema.type_map[name].fields  # type: ignore[attr-defined]
        for key, field in fields.items():
            value = self._timed(self._value(field.type))
            if isinstance(one, dict):
                one[key] = value
            else:
                setattr(one, key, value)

    def _value(self, type: Any) -> Any:
        if self._random.random() < self._odds:
            return self._random.choice(DEAD)
        type = graphql.get_nullable_type(type)
        if graphql.is_list_type(type):
            return self._list(type)
        if graphql.is_leaf_type(type):
            return self._random.choice(LEAVES[type.name][: 2 if self._random.random() < 0.8 else None])
        if self._random.random() < self._odds / 2:
            return self._random.choice([{"__typename": "Nope"}, {"__typename": "E"}, {"__typename": "A"}, {}, 7])
        possible = self._schema.get_possible_types(type) if graphql.is_abstract_type(type) else [type]
        return self._random.choice(self._objects[self._random.choice(list(possible)).name])

    def _list(self, type: Any) -> Any:
        if self._random.random() < self._odds / 2:
            return self._random.choice([3, "no list", {}])
        items = [self._maybe_later(self._value(type.of_type)) for _ in range(self._random.randint(0, 3))]
        kind: Any = self._random.choice([list, list, tuple, Some, Stream])
        return items if kind is Stream and not self._is_slow else kind(items)

    def _timed(self, value: Any) -> Any:
        """A field's value as it is, or as what a call gives."""
        value = self._maybe_later(value)
        return (lambda info, **given: value) if self._random.random() < 0.1 else value

    def _maybe_later(self, value: Any) -> Any:
        is_late, turns = self._random.random() < 0.2, self._random.randint(0, 3)
        return Later(value, turns) if is_late and self._is_slow else value


def _later(resolve: Any) -> Any:
    async def slowly(*given: Any, **named: Any) -> Any:
        await asyncio.sleep(0)
        return resolve(*given, **named)

    return slowly


def _told(source: Any, info: graphql.GraphQLResolveInfo[Any], **given: Any) -> str:
    return str(sorted(given.items(), key=str))


def _instant(value: str) -> str | None:
    if value == "bad":
        raise ValueError("no instant")
    return None if value == "none" else f"{value}T00:00:00Z"


def _is_b(value: Any, info: Any) -> bool:
    if value == {}:
        raise LookupError("nothing")
    return bool(value != 7)


def _only(value: Any, info: Any, abstract: Any) -> Any:
    name = str(value.get("__typename")) if isinstance(value, dict) else value.__class__.__name__
    return {"E": 3, "Nope": None}.get(name, "B")  # neither a number nor nothing is a type
