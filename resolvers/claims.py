"""Claims: something done under a client's key, in one transaction or not at all, and never twice.

What is kept of it is one text: the id of what was changed, or a receipt. Whoever asks again is given that text again.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from datasources.ports.work import ClientKey, Raced, Remembered, Work, Workplace
from domain.refusals.base import Path, Refusal
from domain.refusals.general import IdempotencyConflict

T = TypeVar("T")
AT_KEY: Path = ("input", "idempotencyKey")
RACES = 5
"""How often something is begun anew because another worker took one of its keys first."""


class Claim(NamedTuple):
    """A client's idempotency key, and what it was used for."""

    client: str
    key: str
    request_hash: str

    @property
    def owner(self) -> ClientKey:
        """Whose key it is, whatever it was used for."""
        return (self.client, self.key)


class Refused(Exception):
    """Said inside a transaction, so that nothing of it is written."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(refusals)
        self.refusals = refusals


@dataclass(frozen=True, slots=True)
class Done:
    """The text that is kept of what was done, or why nothing was."""

    text: str | None = None
    user_errors: Sequence[Refusal] = ()


Do = Callable[[Work], Awaitable[str]]
"""Writes, and returns what is to be kept of it; raises `Refused` where it must not."""


async def claimed(workplace: Workplace, claim: Claim, do: Do) -> Done:
    """Do something under a claim; what raises `Refused` leaves the key free."""

    async def once() -> Done:
        async with workplace.work() as work:
            former = await work.locked_key(claim.owner)
            if former is not None:
                is_same = former.request_hash == claim.request_hash
                return Done(former.response) if is_same else Done(user_errors=(conflict(claim.key),))
            text = await do(work)
            await work.remember({claim.owner: Remembered(claim.request_hash, text)})
            return Done(text)

    try:
        return await again(once)
    except Refused as refused:
        return Done(user_errors=refused.refusals)


def conflict(key: str) -> IdempotencyConflict:
    """What is answered to a key that was used for another request."""
    return IdempotencyConflict(AT_KEY, key)


async def again(do: Callable[[], Awaitable[T]]) -> T:
    """Do something; where another transaction was faster at one of its keys, anew."""
    for _ in range(RACES - 1):
        try:
            return await do()
        except Raced:
            continue
    return await do()
