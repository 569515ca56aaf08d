"""Commands: how a mutation is declared, and the words that all of them share."""

from collections.abc import Sequence
from typing import Any

from resolvers import stock_vector
from resolvers.context import Context
from schema.base import Argument, Resolve, Scopes, batch

KEY = "Unique for this request: sent again with the same content, it gives the same answer and does nothing twice."
USER_ERRORS = "Every reason why something was not done; empty when all is well."


def command(resolve: Resolve, *, description: str, input: type, scope: Scopes) -> Any:
    """Bind a mutation to `async resolve(ctx, command)`: one input object, one payload, one right it needs, or none.

    What the operation saw of stock before it wrote is forgotten, so that its payload shows what is there now.
    """

    async def once(ctx: Context, roots: Sequence[None], *, input: Any) -> Sequence[Any]:
        try:
            return [await resolve(ctx, input)]
        finally:
            stock_vector.forget(ctx)

    once.__module__, once.__qualname__ = resolve.__module__, resolve.__qualname__
    return batch(once, description=description, scope=scope, input=Argument("What to do.", input))
