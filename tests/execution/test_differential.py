"""The engine against graphql-core's executor, the oracle: random operations, random data, equal answers.

Every seed is a case; a failure names its seed. More of them with `HYPOTHESIS_PROFILE=thorough`.
"""

import asyncio
import os
from random import Random
from typing import Any

import graphql
import pytest
from graphql import DocumentNode, ExecutionResult, GraphQLSchema

from execution.engine import Engine
from execution.plan import Plan
from tests.execution import adversary
from tests.execution.compare import assert_same, assert_same_in_time
from tests.execution.operations import Operation, operation
from tests.execution.seeds import seeds

QUICK, SLOW = adversary.schema(is_slow=False), adversary.schema(is_slow=True)
BLOCKS = 8
CASES = 50_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 400


def engine(schema: GraphQLSchema) -> Engine:
    """An engine that takes documents for valid: validating is slow, and done once per case."""
    return Engine(schema, lambda document: [])


ENGINES = {id(schema): engine(schema) for schema in (QUICK, SLOW)}


@pytest.mark.parametrize("block", range(BLOCKS))
def test_any_operation_on_any_data_gets_the_oracle_s_answer(block: int) -> None:
    for seed in seeds(block, CASES):
        with asyncio.Runner() as runner:
            runner.run(case(seed))


async def case(seed: int) -> None:
    """One operation on one world: answered at once by both, then by both with resolvers that wait."""
    random = Random(seed)
    kind = random.choice(["query", "query", "mutation", "subscription"])
    asked = operation(QUICK, random, adversary.VALUES, kind=kind, depth=random.randint(1, 5))
    document = graphql.parse(asked.text)
    assert graphql.validate(QUICK, document) == [], asked.text
    quick = adversary.World(QUICK, Random(seed), is_slow=False).root(kind)
    slow = adversary.World(SLOW, Random(seed), is_slow=True).root(kind)
    at_once = await theirs(QUICK, document, asked, quick)
    try:
        assert_same(await ours(QUICK, asked, quick), at_once)
        in_time = await ours(SLOW, asked, slow)
        if asked.variables.get("n", 0) is not None:  # with null for a condition, graphql-core answers for us
            assert_same(in_time, at_once)  # who waits for whom must not show
        assert_same_in_time(in_time, await theirs(SLOW, document, asked, slow))
    except BaseException as failure:
        failure.add_note(f"seed {seed}: {asked.text}\n{asked.variables}")
        raise


async def ours(schema: GraphQLSchema, asked: Operation, root: Any) -> ExecutionResult:
    plan = ENGINES[id(schema)].plan(asked.text)
    assert isinstance(plan, Plan)
    result = await ENGINES[id(schema)].execute(plan, variables=asked.variables, root=root)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    return result


async def theirs(schema: GraphQLSchema, document: DocumentNode, asked: Operation, root: Any) -> ExecutionResult:
    answer: Any = graphql.execute(schema, document, root_value=root, variable_values=asked.variables)
    result: ExecutionResult = await answer if asyncio.iscoroutine(answer) else answer
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)  # graphql-core lets what runs beside a failed resolver run on
    return result
