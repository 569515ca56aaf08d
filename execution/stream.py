"""Streams: where the events of a subscription come from. Each of them is the root of one more run of its plan."""

from collections.abc import AsyncGenerator
from typing import Any, cast

from graphql import GraphQLError, located_error
from graphql.execution.values import get_argument_values

from execution.plan import Place, Under
from execution.run import Run
from execution.waiting import is_awaitable


async def source(run: Run) -> AsyncGenerator[Any, None]:
    """Create the source stream of a subscription's only root field (§6.2.3.1); it holds nothing of the run itself.

    Raises:
        GraphQLError: an argument is refused, or there is no stream to be had.
    """
    fields = run.fields(run.plan.root)
    if not fields:
        raise GraphQLError("The variables leave nothing to subscribe to.", run.plan.operation)
    field = fields[0]
    place = Under(Place(), field)
    try:
        given = get_argument_values(field.definition, field.nodes[0], run.variables)
        found = cast("Any", field.definition.subscribe)(run.root, run.info(place, 0), **given)
        if is_awaitable(found.__class__):
            found = await found
        if not isinstance(found, AsyncGenerator):
            raise TypeError(f"{field.label} gave no stream")
    except Exception as error:
        raise located_error(error, run.nodes(field), list(map(str, place.path(0)))) from error
    return found
