"""The GraphQL specification, section 6.3: executing selection sets."""

from functools import partial

import graphql
import pytest

from execution.engine import Engine
from execution.plan import Plan

pytestmark = pytest.mark.anyio

SCHEMA = graphql.build_schema("type Query { a: Int none: Int }")


async def test_6_3_3_aliases_are_the_keys_of_the_answer() -> None:
    engine = Engine(SCHEMA, partial(graphql.validate, SCHEMA))
    plan = engine.plan("{ x: a a }", None)
    assert isinstance(plan, Plan)
    answer = await engine.execute(plan, root={"a": 1, "none": None})
    assert answer.errors is None
    assert answer.data == {"x": 1, "a": 1}
