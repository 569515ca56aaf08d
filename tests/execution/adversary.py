"""A schema that is out to trip an executor: nulls, errors and wrong values in odd places, sync and async."""

import asyncio
from collections.abc import Mapping
from typing import Any

import graphql
from graphql import GraphQLObjectType, GraphQLSchema
from hypothesis import strategies as st

SDL = """
interface Node { id: ID! next: Node kin: [Node!] }
type A implements Node {
  id: ID! next: Node kin: [Node!]
  i: Int! f: Float s: String b: Boolean! e: E es: [E!]! grid: [[Int!]]
  a: A mustA: A! as: [A!]! pet: Pet pets: [Pet]
  slow: Int slowMust: Int! slowA: A slowList: [A!]
  sum(x: Int = 3, y: [Int!], e: E = X, in: In): String
}
type B implements Node { id: ID! next: Node kin: [Node!] name: String! a: A b: B slow: String }
union Pet = A | B
enum E { X Y }
input In { n: Int = 7 s: String! }
type Query { a: A mustA: A! node: Node nodes: [Node!] pets: [Pet] slowA: A sum(x: Int!, e: E): String }
"""

LITERALS: Mapping[str, st.SearchStrategy[str]] = {
    "Int": st.integers(-5, 5).map(str),
    "String": st.sampled_from(['"a"', '"羽绒"']),
    "ID": st.sampled_from(['"1"', "2"]),
    "Boolean": st.sampled_from(["true", "false"]),
    "Float": st.sampled_from(["1.5", "2"]),
}

SCALARS: Mapping[str, st.SearchStrategy[Any]] = {
    "Int": st.sampled_from([0, 1, -3, True, 2.0, 2**31, "7", "x"]),
    "Float": st.sampled_from([0.5, 1, True, float("nan"), "2.5", "x"]),
    "String": st.sampled_from(["", "a", "羽绒", 3, True, 1.5]),
    "ID": st.sampled_from(["1", 2, "x", 1.5]),
    "Boolean": st.sampled_from([True, False, 1, 0, "yes"]),
    "E": st.sampled_from(["X", "Y", "Z", 3]),
}

DEAD = st.sampled_from([None, None, ValueError("boo"), graphql.GraphQLError("told")])


def schema() -> GraphQLSchema:
    """Build it, with resolvers that await for every field whose name begins with `slow`."""
    built = graphql.build_schema(SDL)
    for type in built.type_map.values():
        if isinstance(type, GraphQLObjectType) and not type.name.startswith("__"):
            for name, field in type.fields.items():
                if name.startswith("slow"):
                    field.resolve = _slowly
                elif name == "sum":
                    field.resolve = lambda source, info, **given: str(sorted(given.items(), key=str))
    return built


async def _slowly(source: Any, info: graphql.GraphQLResolveInfo[Any]) -> Any:
    await asyncio.sleep(0)
    value = source.get(info.field_name)
    if isinstance(value, Exception):
        raise value
    return value


def objects(schema: GraphQLSchema, type_name: str, depth: int = 3) -> st.SearchStrategy[Any]:
    """Draw an object of a type: mostly legal, here and there not."""
    type = schema.type_map[type_name]
    assert isinstance(type, GraphQLObjectType)
    fields = {name: _values(schema, field.type, depth) for name, field in type.fields.items()}
    return st.fixed_dictionaries({"__typename": st.just(type_name)}, optional=fields)


def _values(schema: GraphQLSchema, type: Any, depth: int) -> st.SearchStrategy[Any]:
    if graphql.is_non_null_type(type):
        return _mostly(_values(schema, type.of_type, depth))
    if graphql.is_list_type(type):
        return _mostly(st.lists(_values(schema, type.of_type, depth - 1), max_size=3), st.sampled_from([3, "no list"]))
    if graphql.is_leaf_type(type):
        return _mostly(SCALARS[type.name])
    if depth <= 0:
        return st.none()
    if graphql.is_abstract_type(type):
        names = [possible.name for possible in schema.get_possible_types(type)]
        odd = st.sampled_from([{"__typename": "Nope"}, {"__typename": "E"}, {}, 7])
        return _mostly(st.sampled_from(names).flatmap(lambda name: objects(schema, name, depth - 1)), odd)
    return _mostly(objects(schema, type.name, depth - 1))


def _mostly(good: st.SearchStrategy[Any], *odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 9).flatmap(lambda n: good if n < 8 else st.one_of(DEAD, *odd))
