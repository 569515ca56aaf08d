"""Measures: what is known of a plan before it runs: the scopes it needs, its depth, and what it may cost."""

from typing import Any

import pytest
import strawberry

from domain.viewers import Scope
from execution.measure import UNSIZED, Measures, measure
from execution.plan import Plan
from schema.base import batch, plain
from schema.executing import EngineSchema


async def some(ctx: Any, objects: Any, *, first: int = 5) -> Any:
    return [[] for _ in objects]


async def one(ctx: Any, objects: Any) -> Any:
    return [None for _ in objects]


@strawberry.interface
class Named:
    name: str = plain("A name.")


@strawberry.type
class Leaf(Named):
    dear: int | None = batch(one, description="Costs.")
    secret: int | None = batch(one, description="Not for everybody.", scope=Scope.STOCK_READ)


@strawberry.type
class Plain(Named):
    pass


@strawberry.type
class Page:
    nodes: list[Leaf] = plain("Sized by the page.")


@strawberry.type
class Query:
    page: Page = batch(some, description="A connection.", first="How many.")
    leaves: list[Leaf] = batch(some, description="A list.", first="How many.")
    unsized: list[Leaf] = batch(one, description="Nobody says how many.")
    named: list[Named] = batch(some, description="Of any kind.", first="How many.")


SHOP = EngineSchema(Query, types=[Leaf, Plain])


def measures(query: str, **variables: Any) -> Measures:
    plan = SHOP.engine.plan(query)
    assert isinstance(plan, Plan)
    return measure(plan, variables)


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ leaves { name } }", 1),
        ("{ leaves { dear } }", 1 + 5 * 1),
        ("{ leaves(first: 7) { dear name } }", 1 + 7 * 1),
        ("{ leaves(first: 7) { a: dear b: dear } }", 1 + 7 * 2),
        ("{ page(first: 3) { nodes { dear } } }", 1 + 3 * 1),
        ("{ unsized { dear } }", 1 + UNSIZED * 1),
        ("{ named(first: 2) { name ... on Leaf { dear } } }", 1 + 2 * 1),
        ("{ ...F } fragment F on Query { leaves(first: 4) { dear } }", 1 + 4 * 1),
    ],
)
def test_a_field_costs_as_often_as_its_list_is_long(query: str, cost: int) -> None:
    assert measures(query).cost == cost


def test_the_size_of_a_list_may_come_from_a_variable() -> None:
    query = "query ($n: Int! = 6) { leaves(first: $n) { dear } }"
    assert measures(query, n=9).cost == 10


def test_what_the_variables_exclude_costs_nothing() -> None:
    query = "query ($yes: Boolean!) { leaves(first: 9) @include(if: $yes) { dear } page { nodes { name } } }"
    assert measures(query, yes=True).cost - measures(query, yes=False).cost == 10


def test_depth_counts_fields_not_fragments() -> None:
    assert measures("{ leaves { name } }").depth == 2
    assert measures("{ ... { ...F } } fragment F on Query { page { ... { nodes { name } } } }").depth == 3


def test_the_scopes_of_every_possible_type_are_needed() -> None:
    assert measures("{ leaves { dear } }").scopes == frozenset()
    assert measures("{ leaves { secret } }").scopes == {Scope.STOCK_READ}
    assert measures("{ named { ... on Leaf { secret } } }").scopes == {Scope.STOCK_READ}
