"""The engine against strawberry's own executor, over the same types: the same data, the same errors.

There is no sync twin here as in `test_differential`: batch resolvers wait under both executors.
"""

import asyncio
import os
from random import Random
from typing import Any

import pytest
import strawberry
import structlog.testing

from datasources.store.store import Store
from resolvers.context import Context
from schema.executing import EngineSchema
from tests.execution import pieces
from tests.execution.compare import assert_same_in_time
from tests.execution.operations import Operation, Values, operation
from tests.execution.seeds import seeds
from tests.worlds import asked as surroundings

BLOCKS = 4
CASES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 100

VALUES: Values = {
    "Int": [-1, 0, 1, 2, 3],
    "String": ["a", "羽绒"],
    "number": [0, 1, 2, 5, 7, 11, 12, 33, 60],
    "first": [0, 1, 3, 9],
    "by": [1, 2, 3],
}

ENGINE = EngineSchema(pieces.Query, pieces.Mutation, pieces.Subscription)
NOWHERE = Store("sqlite+aiosqlite:///nowhere.sqlite3")


class Oracle(strawberry.Schema):
    """Strawberry's schema, which does not print its errors."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        pass


ORACLE = Oracle(pieces.Query, pieces.Mutation, pieces.Subscription)


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")  # graphql-core drops some
@pytest.mark.parametrize("block", range(BLOCKS))
def test_any_operation_gets_the_answer_of_strawberry_s_executor(block: int) -> None:
    for seed in seeds(block, CASES):
        with asyncio.Runner() as runner, structlog.testing.capture_logs():
            runner.run(case(seed))


async def case(seed: int) -> None:
    random = Random(seed)
    kind = random.choice(["query"] * 6 + ["mutation", "subscription"])
    asked = operation(ENGINE._schema, random, VALUES, kind=kind, depth=random.randint(1, 5))
    try:
        answers = [await answered(schema, kind, asked) for schema in (ENGINE, ORACLE)]
        for ours, theirs in zip(*answers, strict=True):
            assert_same_in_time(ours, theirs)
    except BaseException as failure:
        failure.add_note(f"seed {seed}: {asked.text}\n{asked.variables}")
        raise


async def answered(schema: strawberry.Schema, kind: str, asked: Operation) -> list[Any]:
    """The answer, or of a subscription all of them."""
    ctx: Context = surroundings(NOWHERE)
    if kind != "subscription":
        return [await schema.execute(asked.text, asked.variables, context_value=ctx)]
    found = await schema.subscribe(asked.text, asked.variables, context_value=ctx)
    return [one async for one in found] if hasattr(found, "__aiter__") else [found]
