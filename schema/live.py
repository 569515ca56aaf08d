"""Live answers: what subscriptions tell, event by event; who asks the same and may know the same shares the work."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Hashable
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import graphql
from graphql import GraphQLError
from graphql.execution.values import VariableValues
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from execution.engine import Engine
from execution.plan import Plan

MOST_SHARED = 256
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
    shared_s: float = 0.25
    """For how long an answer is everybody's: it holds what was read beside the event, too."""


class Audience:
    """One operation with its variables, before viewers of one kind."""

    __slots__ = ("__weakref__", "plan", "variables")

    def __init__(self, plan: Plan, variables: VariableValues) -> None:
        self.plan = plan
        self.variables = variables


class Hall:
    """The audiences there are, and what those that were told something a moment ago were told."""

    def __init__(self, engine: Engine, rights: Rights, word: Word) -> None:
        self.rights = rights
        self.word = word
        self._engine = engine
        self._audiences: WeakValueDictionary[Hashable, Audience] = WeakValueDictionary()
        self._told: OrderedDict[Audience, tuple[float, Any, ExecutionResult]] = OrderedDict()

    def telling(self, plan: Plan, variables: VariableValues, context: Any, root: Any) -> "Telling":
        """Begin to tell whoever asks this, as one of the audience that asks the same."""
        asked = hashlib.blake2b(repr(variables.coerced).encode(), digest_size=16).digest()
        key = (id(plan), asked, self.rights.kind(context))
        audience = self._audiences.get(key)
        if audience is None:
            # Where a value came from matters to nobody any more, and takes twice the room of the value.
            audience = self._audiences[key] = Audience(plan, VariableValues({}, variables.coerced))
        return Telling(self, audience, context, root)

    async def source(self, audience: Audience, context: Any, root: Any) -> AsyncGenerator[Any, None]:
        """Open the stream of events.

        Raises:
            GraphQLError: it cannot be opened.
        """
        return await self._engine.source(audience.plan, audience.variables, context=context, root=root)

    def told(self, audience: Audience, event: Any) -> ExecutionResult | None:
        """What another of the same audience was told of the same event just now."""
        if (last := self._told.get(audience)) is not None:
            at, known, told = last
            if asyncio.get_running_loop().time() - at < self.rights.shared_s and known == event:
                return told
        return None

    async def tell(self, audience: Audience, event: Any, context: Any) -> ExecutionResult:
        """Run the plan on an event; for a moment its answer is what everybody of the audience is told of it."""
        now = asyncio.get_running_loop().time()
        anew = self.rights.anew(context)
        result = await self._engine.run(audience.plan, audience.variables, context=anew, root=event)
        told = self.word(result, context)
        if not result.errors:  # errors name the request that met them
            self._remember(audience, (now, event, told))
        return told

    def _remember(self, audience: Audience, told: tuple[float, Any, ExecutionResult]) -> None:
        self._told[audience] = told
        self._told.move_to_end(audience)
        if len(self._told) > MOST_SHARED:
            self._told.popitem(last=False)


class Telling:
    """The results of one subscription (§6.2.3.2): an async generator by hand, for a third of the room."""

    __slots__ = ("_audience", "_context", "_hall", "_is_over", "_root", "_source")

    def __init__(self, hall: Hall, audience: Audience, context: Any, root: Any) -> None:
        self._hall = hall
        self._audience = audience
        self._context = context
        self._root = root
        self._source: AsyncGenerator[Any, None] | None = None
        self._is_over = False

    def __aiter__(self) -> "Telling":
        return self

    async def __anext__(self) -> ExecutionResult:
        if self._is_over:
            raise StopAsyncIteration
        try:
            if self._source is None:
                self._source = await self._hall.source(self._audience, self._context, self._root)
            event = await anext(self._source)
            self._hall.rights.check(self._context)
            told = self._hall.told(self._audience, event)
            return await self._hall.tell(self._audience, event, self._context) if told is None else told
        except StopAsyncIteration:
            self._is_over = True
            raise
        except Exception as error:  # of the source, not of a field: it ends the stream
            return await self._ended(error)

    async def aclose(self) -> None:
        """End the stream, and with it what feeds it."""
        self._is_over = True
        if self._source is not None:
            await self._source.aclose()

    async def _ended(self, error: Exception) -> ExecutionResult:
        is_opened = self._source is not None
        await self.aclose()
        located = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
        told = self._hall.word(graphql.ExecutionResult(None, [located]), self._context)
        return told if is_opened else PreExecutionError(data=None, errors=told.errors)
