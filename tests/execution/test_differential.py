"""The engine against graphql-core's executor, the oracle: random operations, random data, equal answers.

Run more of them with `HYPOTHESIS_PROFILE=thorough`.
"""

import asyncio
import os
from typing import Any

import graphql
from graphql import GraphQLSchema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from execution.engine import Engine
from execution.plan import Plan
from tests.execution import adversary
from tests.execution.compare import assert_same
from tests.execution.operations import Operation, operations

SCHEMA = adversary.schema()
EXAMPLES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 300
HARD = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def engine(schema: GraphQLSchema) -> Engine:
    return Engine(schema, lambda document: graphql.validate(schema, document))


ENGINE = engine(SCHEMA)


@HARD
@given(
    asked=st.lists(operations(SCHEMA, adversary.LITERALS), min_size=1, max_size=4),
    root=adversary.objects(SCHEMA, "Query", 3),
)
def test_any_operation_on_any_data_gets_the_oracles_answer(asked: list[Operation], root: Any) -> None:
    async def answers() -> None:
        for operation in asked:
            document = graphql.parse(operation.text)
            assert graphql.validate(SCHEMA, document) == []
            plan = ENGINE.plan(operation.text)
            assert isinstance(plan, Plan)
            ours = await ENGINE.execute(plan, variables=operation.variables, root=root)
            theirs: Any = graphql.execute(SCHEMA, document, root_value=root, variable_values=dict(operation.variables))
            theirs = await theirs if asyncio.iscoroutine(theirs) else theirs
            await _drained()
            assert_same(ours, theirs, is_timely="slow" not in operation.text)

    asyncio.run(answers())


async def _drained() -> None:
    """graphql-core lets the resolvers beside a failed one run on in the background: wait until they are done."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
