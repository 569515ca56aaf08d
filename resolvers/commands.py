"""Commands: what a client asks under a key of its own, done once; asked again, it is answered as before."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Protocol

from datasources.ports.work import Work
from resolvers import inputs, receipts
from resolvers.claims import AT_KEY, Claim, Do, Done, claimed
from resolvers.context import Context
from resolvers.receipts import Receipt
from resolvers.stock_items import Command


class Keyed(Protocol):
    """A command as a client sends it: a dataclass of plain values."""

    @property
    def idempotency_key(self) -> str:
        """Unique for this wish."""
        ...


async def changed(ctx: Context, command: Any, do: Do) -> Done:
    """Change something; what is kept is its id, so that whoever asks again is shown it as it stands now."""
    keyed: Keyed = command
    if wrong := inputs.wrong_text(AT_KEY, keyed.idempotency_key):
        return Done(user_errors=wrong)
    asked = receipts.request_hash({"command": type(command).__name__, **asdict(command)})
    return await claimed(ctx.sources.workplace, Claim(ctx.viewer.id, keyed.idempotency_key, asked), do)


async def receipted(ctx: Context, command: Command[Any], do: Callable[[Work], Awaitable[Receipt]]) -> Receipt:
    """Do what items say; what is kept is the receipt, which whoever asks again is given word for word."""
    asked = receipts.request_hash([{"kind": type(item).__name__, **asdict(item)} for item in command.items])

    async def write(work: Work) -> str:
        return receipts.dump(await do(work))

    done = await claimed(ctx.sources.workplace, Claim(ctx.viewer.id, command.idempotency_key, asked), write)
    return Receipt(refusals=tuple(done.user_errors)) if done.text is None else receipts.load(done.text)
