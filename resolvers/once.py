"""Once: a command with an idempotency key is done in one transaction; every repetition gets the same receipt."""

from collections.abc import Awaitable, Callable
from typing import Any

from datasources.ports.work import KeyReused, Work
from domain.refusals import IdempotencyConflict
from resolvers import receipts
from resolvers.context import Context
from resolvers.receipts import Receipt


async def once(ctx: Context, key: str, request: Any, do: Callable[[Work], Awaitable[Receipt]]) -> Receipt:
    """Do it, or say again what was answered; a command that is refused as a whole has written nothing, the key neither.

    `request` is what the key stands for: used for something else it is refused.
    """
    claim = {"client": ctx.viewer.id, "key": key, "request_hash": receipts.request_hash(request)}
    try:
        async with ctx.sources.workplace.work() as work:
            answered = await work.answered(**claim)
            if answered is not None:
                return receipts.load(answered)
            receipt = await do(work)
            if not receipt.refusals:
                await work.answer(**claim, response=receipts.dump(receipt))
            return receipt
    except KeyReused:
        return Receipt(refusals=(IdempotencyConflict(("input", "idempotencyKey"), key),))
