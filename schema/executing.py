"""Executing: strawberry's schema, with our engine under every transport and strawberry's executor behind it."""

from collections.abc import AsyncGenerator, Iterable
from functools import partial
from typing import Any, cast

import graphql
import strawberry
from graphql import GraphQLError, specified_rules
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext, validate_document
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

import schema.errors
from execution.engine import Engine, Refused
from execution.run import Hook
from schema.live import Hall, Rights

AT_ONCE = frozenset({OperationType.QUERY, OperationType.MUTATION})
"""What `execute` answers; a subscription is for `stream`."""
EVERYBODY = Rights()


class EngineSchema(strawberry.Schema):
    """Executes by the breadth-first engine; what it has no plan for, by graphql-core as strawberry does.

    `hook` hears of every level that is read; an operation, or an event of a subscription, may take `deadline_s`;
    `rights` say who may be told one, and who the same.
    """

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        subscription: type | None = None,
        *,
        types: Iterable[type] = (),
        config: StrawberryConfig | None = None,
        hook: Hook | None = None,
        deadline_s: float | None = None,
        rights: Rights = EVERYBODY,
    ) -> None:
        super().__init__(query, mutation, subscription, types=types, config=config, execution_context_class=_Seam)
        validate = partial(validate_document, self._schema, validation_rules=tuple(specified_rules))
        self.engine = Engine(self._schema, validate, hook=hook, deadline_s=deadline_s)
        self._hall = Hall(self.engine, rights, self._answer)

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Execute a query or a mutation."""
        context_value = self._hall.rights.anew(context_value)
        allowed = AT_ONCE if allowed_operation_types is None else AT_ONCE.intersection(allowed_operation_types)
        found = self.engine.plan(query, operation_name) if query else None
        if isinstance(found, Refused):
            return self._refused(found, context_value)
        if found is None or OperationType(found.operation.operation.value) not in allowed:
            return await super().execute(
                query, variable_values, context_value, root_value, operation_name, allowed, operation_extensions
            )
        result = await self.engine.execute(found, variables=variable_values, context=context_value, root=root_value)
        return self._answer(result, context_value)

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
    ) -> Any:
        """Open the results of any operation: one of a query or a mutation, one per event of a subscription."""
        allowed = frozenset(OperationType if allowed_operation_types is None else allowed_operation_types)
        found = self.engine.plan(query, operation_name) if query else None
        if isinstance(found, Refused):
            return _only(self._refused(found, context_value))
        if found is not None and OperationType(found.operation.operation.value) in allowed:
            if found.operation.operation is not graphql.OperationType.SUBSCRIPTION:
                return self._once(query, variable_values, context_value, root_value, operation_name)
            values = self.engine.coerced(found, variable_values)
            if isinstance(values, Refused):
                return _only(self._refused(values, context_value))
            return self._hall.telling(found, values, context_value, root_value)
        context_value = self._hall.rights.anew(context_value)
        return await super().stream(
            query, variable_values, context_value, root_value, operation_name, operation_extensions, allowed
        )

    async def _once(self, *asked: Any) -> AsyncGenerator[ExecutionResult, None]:
        yield await self.execute(*asked)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        self._explained(errors, execution_context.context if execution_context else None)

    def _refused(self, refused: Refused, context: Any) -> PreExecutionError:
        return PreExecutionError(data=None, errors=self._explained(refused.errors, context))

    def _answer(self, result: graphql.ExecutionResult, context: Any) -> ExecutionResult:
        errors = self._explained(result.errors, context) if result.errors else None
        return ExecutionResult(data=result.data, errors=errors, extensions=None)

    def _explained(self, errors: list[GraphQLError], context: Any) -> list[GraphQLError]:
        for error in errors:
            schema.errors.explain(error, getattr(context, "request_id", ""))
        return errors


async def _only(result: ExecutionResult) -> AsyncGenerator[ExecutionResult, None]:
    yield result


class _Seam(StrawberryGraphQLCoreExecutionContext):
    """Where graphql-core would execute an operation or an event of a subscription, the engine does."""

    def execute_operation(self, serially: bool | None = None) -> Any:
        owner = cast("EngineSchema", self.schema.extensions["strawberry-definition"])
        plan = owner.engine.compiled(self.operation, self.fragment_definitions)
        if plan is None:
            return super().execute_operation(serially)
        return owner.engine.run(plan, self.variable_values, context=self.context_value, root=self.root_value)
