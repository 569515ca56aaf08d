"""Live answers: what subscriptions tell; who asks the same and may know the same is one audience, worked for once."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import graphql
from graphql import GraphQLError
from graphql.execution.values import VariableValues
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from execution.engine import Engine
from execution.plan import Plan
from resolvers.live import Live, Watched

MOST_BEHIND = 32
"""Updates that are kept as they came for who is behind; more become one."""
Word = Callable[[graphql.ExecutionResult, Any], ExecutionResult]
"""Makes strawberry's result of ours, its errors worded for this context."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What streams ask of a context."""

    kind: Callable[[Any], Hashable] = id
    """What of it answers depend on: two contexts of one kind are told the same."""
    check: Callable[[Any], None] = lambda context: None
    """Raises what ends the stream, before an event is told."""
    anew: Callable[[Any], Any] = lambda context: context
    """The same for one more operation, or event: it remembers nothing of those before (STK-11)."""
    watch: Callable[[Any, Callable[[], None]], Callable[[], None]] = lambda context, on_end: lambda: None
    """Calls back when a stream may go on no more though nothing happens; what it returns ends that."""


class Asked(NamedTuple):
    """One operation with its variables, and of whom."""

    plan: Plan
    variables: VariableValues
    context: Any
    root: Any


class Hall:
    """The audiences there are."""

    def __init__(self, engine: Engine, rights: Rights, word: Word) -> None:
        self.rights = rights
        self.word = word
        self._engine = engine
        self._audiences: dict[Hashable, Audience] = {}

    def telling(self, plan: Plan, variables: VariableValues, context: Any, root: Any) -> "Telling":
        """Begin to tell whoever asks this, as one of the audience that asks the same."""
        # Where a value came from matters to nobody any more, and takes twice the room of the value.
        return Telling(self, Asked(plan, VariableValues({}, variables.coerced), context, root))

    async def source(self, asked: Asked) -> AsyncGenerator[Any, None]:
        """Open the stream of events.

        Raises:
            GraphQLError: it cannot be opened.
        """
        return await self._engine.source(asked.plan, asked.variables, context=asked.context, root=asked.root)

    async def audience(self, asked: Asked, source: Live[Any]) -> "Audience":
        """Find those who ask the same and watch the same, or begin with whoever asks."""
        watched = await source.open()
        variables = hashlib.blake2b(repr(asked.variables.coerced).encode(), digest_size=16).digest()
        key = (id(asked.plan), variables, self.rights.kind(asked.context), watched.name)
        audience = self._audiences.get(key)
        if audience is None:
            audience = self._audiences[key] = Audience(self, key, asked, source, watched)
        return audience

    async def run(self, asked: Asked, event: Any) -> ExecutionResult:
        """Answer what was asked, of an event."""
        anew = self.rights.anew(asked.context)
        result = await self._engine.run(asked.plan, asked.variables, context=anew, root=event)
        return self.word(result, asked.context)

    def forget(self, audience: "Audience") -> None:
        """Let nobody join an audience any more."""
        if self._audiences.get(audience.key) is audience:
            del self._audiences[audience.key]


class Audience:
    """Those who are told the same: one source for all, and one run of the plan for each of its events.

    It works while there is something to tell; who comes is let in between two events, and told what there is.
    """

    __slots__ = ("_asked", "_coming", "_hall", "_listening", "_mail", "_task", "_there", "_watched", "key")

    def __init__(self, hall: Hall, key: Hashable, asked: Asked, source: Live[Any], watched: Watched[Any]) -> None:
        self._hall = hall
        self.key = key
        self._asked = asked
        self._watched = watched
        self._coming: dict[Telling, None] = {}
        self._there: dict[Telling, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._listening = source.bus.listen(watched.topic, watched.keys)
        self._mail: Any = None

    def as_one(self, events: list[Any]) -> Any:
        """Make one event of several that somebody missed."""
        return events[0] if len(events) == 1 else self._watched.as_one(events)

    def join(self, one: "Telling") -> None:
        """Let somebody in, who is told what there is, and then every event."""
        self._coming[one] = None
        self._wake()

    async def leave(self, one: "Telling") -> None:
        """Tell somebody nothing more; who leaves last ends the source."""
        self._there.pop(one, None)
        self._coming.pop(one, None)
        if self._there or self._coming:
            return
        self._hall.forget(self)
        if self._mail is not None:
            self._mail = await self._listening.__aexit__(None, None, None)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _wake(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        """Tell what there is to tell."""
        try:
            if self._mail is None:
                self._mail = await self._listening.__aenter__()
                self._mail.on_news = self._wake
            while True:
                if self._coming:
                    await self._let_in()
                elif (heard := self._mail.take()) is None:
                    break
                elif (event := await self._watched.heard(heard)) is not None:
                    await self._tell(event, self._there)
        except Exception as error:  # of the source, not of a field: it ends the stream
            self._hall.forget(self)
            for one in (*self._there, *self._coming):
                one.end(error)
        finally:
            self._task = None

    async def _let_in(self) -> None:
        """Tell those who came what there is, and those who are there what of that is news to them (LIV-1, LIV-3)."""
        came, there = tuple(self._coming), tuple(self._there)
        try:
            event, news = await self._watched.look()
        except Exception as error:
            for one in came:
                self._coming.pop(one, None)
                one.end(error)
            return
        came = tuple(one for one in came if self._coming.pop(one, self) is None)
        self._there |= dict.fromkeys(came)
        await self._tell(event, came)
        if news is not None and there:
            await self._tell(news, there)

    async def _tell(self, event: Any, those: Iterable["Telling"]) -> None:
        told = await self._hall.run(self._asked, event)
        shared = None if told.errors else told  # errors name the request that met them
        for one in tuple(those):
            one.hear(event, shared)


class Telling:
    """The results of one subscription (§6.2.3.2): an async generator by hand, for a third of the room.

    `at_once` tells a result to whoever waits for it, and says whether that could be done without waiting.
    """

    __slots__ = (
        "_asked", "_behind", "_failure", "_hall", "_is_over", "_reader", "_source", "_told", "_unwatch", "at_once",
    )  # fmt: skip

    def __init__(self, hall: Hall, asked: Asked) -> None:
        self._hall = hall
        self._asked = asked
        self._source: Audience | AsyncGenerator[Any, None] | None = None
        self._reader: asyncio.Future[None] | None = None
        self._behind: list[Any] = []
        self._told: ExecutionResult | None = None
        self._failure: Exception | None = None
        self._is_over = False
        self._unwatch: Callable[[], None] | None = None
        self.at_once: Callable[[ExecutionResult], bool] | None = None

    def __aiter__(self) -> "Telling":
        return self

    async def __anext__(self) -> ExecutionResult:
        if self._is_over:
            raise StopAsyncIteration
        try:
            source = self._source or await self._begin()
            if not isinstance(source, Audience):
                event, told = await anext(source), None
            else:
                while not self._behind and self._failure is None:
                    self._reader = asyncio.get_running_loop().create_future()
                    await self._reader
                if self._failure is not None and not self._behind:
                    raise self._failure
                event, told = source.as_one(self._behind), self._told
                self._behind, self._told = [], None
            self._hall.rights.check(self._asked.context)
            return await self._hall.run(self._asked, event) if told is None else told
        except StopAsyncIteration:
            self._is_over = True
            raise
        except Exception as error:  # of the source, not of a field: it ends the stream
            return await self._ended(error)

    def hear(self, event: Any, told: ExecutionResult | None) -> None:
        """Tell an event at once if that can be; else keep it until somebody asks, as one with others (LIV-3, LIV-5)."""
        is_waiting = self._reader is not None and not self._reader.done()
        if is_waiting and told is not None and self._tells_at_once(told):
            return
        self._behind.append(event)
        self._told = told if is_waiting else None
        if len(self._behind) > MOST_BEHIND and isinstance(self._source, Audience):
            self._behind = [self._source.as_one(self._behind)]
        self._wake()

    def end(self, failure: Exception) -> None:
        """Tell nothing more but why."""
        self._failure = failure
        self._wake()

    async def aclose(self) -> None:
        """End the stream, and with it what feeds it."""
        self._is_over = True
        if self._unwatch is not None:
            self._unwatch()
            self._unwatch = None
        if isinstance(self._source, Audience):
            await self._source.leave(self)
        elif self._source is not None:
            await self._source.aclose()

    async def _begin(self) -> Audience | AsyncGenerator[Any, None]:
        self._unwatch = self._hall.rights.watch(self._asked.context, self._look_at_rights)
        source = self._source = await self._hall.source(self._asked)
        if isinstance(source, Live):
            self._source = await self._hall.audience(self._asked, source)
            self._source.join(self)
        return self._source

    def _look_at_rights(self) -> None:
        try:
            self._hall.rights.check(self._asked.context)
        except Exception as error:
            self.end(error)

    def _tells_at_once(self, told: ExecutionResult) -> bool:
        try:
            self._hall.rights.check(self._asked.context)
            return self.at_once is not None and self.at_once(told)
        except Exception:
            return False  # whoever waits will meet it

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def _ended(self, error: Exception) -> ExecutionResult:
        is_opened = self._source is not None
        await self.aclose()
        located = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
        told = self._hall.word(graphql.ExecutionResult(None, [located]), self._asked.context)
        return told if is_opened else PreExecutionError(data=None, errors=told.errors)
