"""Combining: what many callers ask at once is done in rounds, each caller still getting an answer of its own.

While a round is under way the next one gathers; so a rush on one row costs one lock and one commit a round, not one
a caller (group commit). An answer is given when its round is done, never before.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from datasources.ports.errors import SourceError

C = TypeVar("C")
A = TypeVar("A")

MOST = 256
"""How many commands one round takes."""


class Combiner(Generic[C, A]):
    """Does commands by `run`, which gives one answer for each, in their order."""

    def __init__(self, run: Callable[[Sequence[C]], Awaitable[Sequence[A]]]) -> None:
        self._run = run
        self._waiting: list[tuple[C, asyncio.Future[A]]] = []
        self._rounds: asyncio.Task[None] | None = None

    async def submit(self, command: C) -> A:
        """Have a command done with the others of its round; raises what its round raised."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, answer))
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._go_on())
        return await answer

    async def _go_on(self) -> None:
        try:
            while self._waiting:
                here = [one for one in self._waiting if not one[1].done()]  # who left before their round asks nothing
                taken, self._waiting = here[:MOST], here[MOST:]
                if taken:
                    await self._round(taken)
        except asyncio.CancelledError as ended:
            _fail(self._waiting, ended)
            raise

    async def _round(self, taken: Sequence[tuple[C, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._run([command for command, _ in taken])
        except Exception as failure:
            if len(taken) > 1 and not isinstance(failure, SourceError):
                for one in taken:  # one that cannot be done must not take the others with it
                    await self._round([one])
                return
            _fail(taken, failure)
        except BaseException:
            _fail(taken, asyncio.CancelledError())
            raise
        else:
            for (_, asked), answer in zip(taken, answers, strict=True):
                if not asked.done():  # who left meanwhile has left: what was done for them stays done
                    asked.set_result(answer)


def _fail(taken: Sequence[tuple[C, asyncio.Future[A]]], failure: BaseException) -> None:
    for _, asked in taken:
        if not asked.done():
            asked.set_exception(failure)
