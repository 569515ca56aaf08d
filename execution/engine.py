"""The engine: plans in a bounded cache, and their execution. The door of this room.

Knows nothing of HTTP. Introspection and `@defer` it leaves to graphql-core: `plan` gives None for them.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    default_field_resolver,
    default_type_resolver,
    get_operation_ast,
    parse,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues, get_variable_values

from execution import stream
from execution.collect import Unplannable
from execution.compile import Definitions, compile_operation
from execution.plan import Plan
from execution.readers import NO_VARIABLES
from execution.run import Hook, Run

K = TypeVar("K")
V = TypeVar("V")
Validate = Callable[[DocumentNode], Sequence[GraphQLError]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that cannot be executed: the request errors of §7.1.2, before anything runs."""

    errors: list[GraphQLError]


Found = Plan | Refused | None


class Engine:
    """Compiles operations of one schema and runs them. `hook` hears of every level that was read."""

    def __init__(
        self,
        schema: GraphQLSchema,
        validate: Validate,
        *,
        most_plans: int = 1_000,
        hook: Hook | None = None,
        deadline_s: float | None = None,
        executor: type[Executor[Any]] = Executor,
    ) -> None:
        self._schema = schema
        self._definitions = Definitions(schema)
        self._validate = validate
        self._most = most_plans
        self._hook = hook
        self._deadline_s = deadline_s
        self._executor = executor
        self._plans: OrderedDict[tuple[str, str | None], Found] = OrderedDict()
        self._text_kept = 0
        self._compiled: OrderedDict[int, tuple[OperationDefinitionNode, Plan | None]] = OrderedDict()

    def plan(self, query: str, operation_name: str | None = None) -> Found:
        """Find or make the plan of a document's operation; None for what graphql-core shall execute."""
        key = (query, operation_name)
        if key in self._plans:
            self._plans.move_to_end(key)
            return self._plans[key]
        found = self._found(query, operation_name)
        if not isinstance(found, Refused):
            self._remember(key, found)
        return found

    async def execute(
        self,
        plan: Plan,
        *,
        variables: Mapping[str, Any] | None = None,
        context: Any = None,
        root: Any = None,
    ) -> ExecutionResult:
        """Run a plan. Cancelling this cancels every resolver under way, and so does the deadline."""
        values = self.coerced(plan, variables)
        if isinstance(values, Refused):
            return ExecutionResult(None, values.errors)
        return await self.run(plan, values, context=context, root=root)

    def coerced(self, plan: Plan, variables: Mapping[str, Any] | None) -> VariableValues | Refused:
        """Coerce the variables that an operation declares (§6.1.2)."""
        definitions = plan.operation.variable_definitions or ()
        if not definitions:
            return NO_VARIABLES
        values = get_variable_values(self._schema, definitions, dict(variables or {}), max_errors=50)
        return values if isinstance(values, VariableValues) else Refused(list(values))

    async def run(self, plan: Plan, variables: VariableValues, *, context: Any, root: Any) -> ExecutionResult:
        """Run a plan whose variables are coerced already."""
        if any(variables.coerced.get(name) is None for name in plan.conditions):
            return await self._by_graphql_core(plan, variables, context, root)
        run = Run(plan, variables, context, root, self._hook)
        try:
            async with asyncio.timeout(self._deadline_s):
                data = await run.data()
        except TimeoutError:
            passed = GraphQLError(f"The operation took longer than {self._deadline_s:g} s.", extensions=DEADLINE)
            return ExecutionResult(None, [passed])
        except RecursionError:
            return ExecutionResult(None, [GraphQLError(TOO_DEEP, plan.operation)])
        return ExecutionResult(data, run.faults.errors or None)

    async def source(
        self, plan: Plan, variables: VariableValues, *, context: Any, root: Any = None
    ) -> AsyncGenerator[Any, None]:
        """Open the stream of a subscription's events; each is to be the root of a `run`.

        Raises:
            GraphQLError: it cannot be opened.
        """
        return await stream.source(Run(plan, variables, context, root))

    async def _by_graphql_core(self, plan: Plan, variables: VariableValues, context: Any, root: Any) -> ExecutionResult:
        """Leave a run to graphql-core: where `@skip` or `@include` is told null, the errors are for it to word."""
        details = {name: FragmentDetails(fragment) for name, fragment in plan.fragments.items()}
        resolvers = (default_field_resolver, default_type_resolver, default_field_resolver)
        executor = self._executor(
            self._schema, dict(plan.fragments), details, root, context, plan.operation, variables, *resolvers
        )
        result: Any = executor.execute_operation()
        return cast("ExecutionResult", await result if executor.is_awaitable(result) else result)

    def compiled(
        self, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> Plan | None:
        """Find or make the plan of a validated operation that somebody else parsed, such as a subscription's."""
        known = self._compiled.get(id(operation))
        if known is not None and known[0] is operation:
            return known[1]
        plan = self._compile(operation, fragments)
        _keep(self._compiled, id(operation), (operation, plan), self._most)
        return plan

    def _remember(self, key: tuple[str, str | None], found: Found) -> None:
        """Keep a plan; the oldest go when there are too many, or when their texts are too long together."""
        self._plans[key] = found
        self._text_kept += len(key[0])
        while len(self._plans) > self._most or self._text_kept > MOST_TEXT:
            (text, _), _ = self._plans.popitem(last=False)
            self._text_kept -= len(text)

    def _found(self, query: str, operation_name: str | None) -> Found:
        try:
            document = parse(query)
        except GraphQLSyntaxError as error:
            return Refused([error])
        if errors := self._validate(document):
            return Refused(list(errors))
        operation = get_operation_ast(document, operation_name)
        if operation is None and operation_name is None and _operations(document) > 1:
            return Refused([GraphQLError("Must provide operation name if query contains multiple operations.")])
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        return self._compile(operation, fragments) if operation else None

    def _compile(
        self, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> Plan | None:
        try:
            return compile_operation(self._definitions, operation, fragments)
        except Unplannable:
            return None


def _operations(document: DocumentNode) -> int:
    return sum(isinstance(definition, OperationDefinitionNode) for definition in document.definitions)


MOST_TEXT = 300_000
"""Characters of all documents whose plans are kept. A plan takes some 150 bytes for each: about 45 MB in all."""
DEADLINE = {"code": "DEADLINE_EXCEEDED"}
TOO_DEEP = "Selections are nested too deeply. Execution aborted."


def _keep(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    kept[key] = value
    if len(kept) > most:
        kept.popitem(last=False)
