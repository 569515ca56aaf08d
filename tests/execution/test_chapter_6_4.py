"""The GraphQL specification, section 6.4: executing fields."""

from functools import partial

import graphql
import pytest

from execution.engine import Engine
from execution.plan import Plan

pytestmark = pytest.mark.anyio

SCHEMA = graphql.build_schema("type Query { a: Int none: Int }")


async def test_6_4_3_null_completes_to_null() -> None:
    engine = Engine(SCHEMA, partial(graphql.validate, SCHEMA))
    plan = engine.plan("{ none }", None)
    assert isinstance(plan, Plan)
    answer = await engine.execute(plan, root={"a": 1, "none": None})
    assert answer.errors is None
    assert answer.data == {"none": None}
