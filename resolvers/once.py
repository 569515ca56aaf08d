"""Once: a claim on a command whose answer is a receipt; every repetition gets it again, word for word."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from datasources.ports.work import Work
from resolvers import receipts
from resolvers.claims import claimed
from resolvers.context import Context
from resolvers.receipts import Receipt
from resolvers.rounds import Claim
from resolvers.stock_items import Command


async def once(ctx: Context, command: Command[Any], do: Callable[[Work], Awaitable[Receipt]]) -> Receipt:
    """Do what the items say and keep the receipt; what raises `Refused` writes nothing, and leaves the key free."""
    asked = receipts.request_hash([{"kind": type(item).__name__, **asdict(item)} for item in command.items])

    async def write(work: Work) -> str:
        return receipts.dump(await do(work))

    done = await claimed(ctx, Claim(ctx.viewer.id, command.idempotency_key, asked), write)
    return Receipt(refusals=tuple(done.user_errors)) if done.id is None else receipts.load(done.id)
