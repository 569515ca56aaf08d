"""Claims: a command under a client's key, done in one transaction or not at all, and never twice.

What is kept of it is the id of what it changed: asked again, that is shown as it stands now.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Protocol

from datasources.ports.work import KeyReused, Work
from domain.refusals import EmptyField, IdempotencyConflict, Path, Refusal, TextTooLong
from resolvers import receipts
from resolvers.context import Context
from resolvers.rounds import Claim, again

AT_KEY: Path = ("input", "idempotencyKey")
MAX_TEXT = 200
"""Characters in a key, a device's name or a note."""


class Keyed(Protocol):
    """A command as a client sends it: a dataclass of plain values."""

    @property
    def idempotency_key(self) -> str:
        """Unique for this wish."""
        ...


class Refused(Exception):
    """Said inside a transaction, so that nothing of it is written."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(refusals)
        self.refusals = refusals


@dataclass(frozen=True, slots=True)
class Done:
    """The id of what was changed, or why nothing was."""

    id: str | None = None
    user_errors: Sequence[Refusal] = ()


Do = Callable[[Work], Awaitable[str]]
"""Writes, and returns the id of what it changed; raises `Refused` where it must not."""


async def commanded(ctx: Context, command: Any, do: Do) -> Done:
    """Do what a client asks, under the client's own key."""
    keyed: Keyed = command
    if wrong := wrong_text(AT_KEY, keyed.idempotency_key):
        return Done(user_errors=wrong)
    asked = receipts.request_hash({"command": type(command).__name__, **asdict(command)})
    return await claimed(ctx, Claim(ctx.viewer.id, keyed.idempotency_key, asked), do)


def too_long(path: Path, text: str) -> Sequence[Refusal]:
    """What is wrong with a text that may say nothing."""
    return (TextTooLong(path, MAX_TEXT, len(text)),) if len(text) > MAX_TEXT else ()


def wrong_text(path: Path, text: str) -> Sequence[Refusal]:
    """What is wrong with a text that must say something."""
    return too_long(path, text) if text.strip() else (EmptyField(path),)


async def claimed(ctx: Context, claim: Claim, do: Do) -> Done:
    """Do something under a claim."""
    return await again(partial(_try, ctx, claim, do))


async def _try(ctx: Context, claim: Claim, do: Do) -> Done:
    try:
        async with ctx.sources.workplace.work() as work:
            former = await work.answered(**claim._asdict())
            if former is not None:
                return Done(former)
            id = await do(work)
            await work.answer(**claim._asdict(), response=id)
            return Done(id)
    except Refused as refused:
        return Done(user_errors=refused.refusals)
    except KeyReused:
        return Done(user_errors=(IdempotencyConflict(AT_KEY, claim.key),))
