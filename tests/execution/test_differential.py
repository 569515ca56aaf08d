"""The engine against graphql-core's executor, the oracle: random operations, random data, equal answers.

Every seed is a case; a failure names its seed. More of them with `HYPOTHESIS_PROFILE=thorough`.
"""

import asyncio
import os
from functools import partial
from random import Random
from typing import Any, cast

import graphql
import pytest
from graphql import DocumentNode, ExecutionResult, GraphQLSchema

from execution.engine import Engine
from tests.execution import adversary
from tests.execution.compare import assert_same
from tests.execution.operations import Operation, operation
from tests.execution.seeds import seeds

QUICK, SLOW = adversary.schema(is_slow=False), adversary.schema(is_slow=True)
BLOCKS = 8
CASES = 50_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 300


ENGINES = {id(schema): Engine(schema, partial(graphql.validate, schema)) for schema in (QUICK, SLOW)}


@pytest.mark.parametrize("block", range(BLOCKS))
def test_any_operation_on_any_data_gets_the_oracle_s_answer(block: int) -> None:
    for seed in seeds(block, CASES):
        with asyncio.Runner() as runner:
            runner.run(case(seed))


async def case(seed: int) -> None:
    """One operation on one world: answered by both, then by us with resolvers that wait, which must not show."""
    random = Random(seed)
    kind = random.choice(["query", "query", "mutation", "subscription"])
    asked = operation(QUICK, random, adversary.VALUES, kind=kind, depth=random.randint(1, 5))
    document = graphql.parse(asked.text)
    if seed % 10 == 0:  # what is written is valid by design; asking takes longer than all the rest
        assert graphql.validate(QUICK, document) == [], asked.text
    quick = adversary.World(QUICK, Random(seed), is_slow=False).root(kind)
    slow = adversary.World(SLOW, Random(seed), is_slow=True).root(kind)
    at_once = theirs(document, asked, quick)
    try:
        assert_same(await ours(QUICK, document, asked, quick), at_once)
        if asked.variables.get("n", 0) is not None:  # with null for a condition, graphql-core answers for us
            assert_same(await ours(SLOW, document, asked, slow), at_once)
    except BaseException as failure:
        failure.add_note(f"seed {seed}: {asked.text}\n{asked.variables}")
        raise


async def ours(schema: GraphQLSchema, document: DocumentNode, asked: Operation, root: Any) -> ExecutionResult:
    operation, *fragments = cast("Any", document.definitions)
    engine = ENGINES[id(schema)]
    plan = engine.compiled(operation, {fragment.name.value: fragment for fragment in fragments})
    assert plan is not None
    result = await engine.execute(plan, variables=asked.variables, root=root)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    return result


def theirs(document: DocumentNode, asked: Operation, root: Any) -> ExecutionResult:
    answer = graphql.execute(QUICK, document, root_value=root, variable_values=asked.variables)
    assert isinstance(answer, ExecutionResult)
    return answer
