"""The schema: one graph of all topics."""

from typing import TYPE_CHECKING, Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

import schema.errors
import schema.instants
import schema.refusals
from schema.availability import AvailabilitySubscription
from schema.catalog import CatalogQuery, Category, Product, Variant
from schema.inventory import InventoryMutation
from schema.locations import Location, LocationQuery
from schema.node import NodeQuery

if TYPE_CHECKING:
    from strawberry.types import ExecutionContext


@strawberry.type(description="What can be asked.")
class Query(CatalogQuery, LocationQuery, NodeQuery):
    pass


@strawberry.type(description="What can be changed. Every change takes one `input` and answers what became of it.")
class Mutation(InventoryMutation):
    pass


@strawberry.type(description="What can be watched.")
class Subscription(AvailabilitySubscription):
    pass


class CommerceSchema(strawberry.Schema):
    """Strawberry's schema, with our errors."""

    async def execute(self, *args: Any, **given: Any) -> ExecutionResult:
        """Execute what ends; a subscription is for `stream`."""
        allowed = set(given.pop("allowed_operation_types", None) or OperationType)
        given["allowed_operation_types"] = allowed - {OperationType.SUBSCRIPTION}
        return await super().execute(*args, **given)

    def process_errors(self, errors: list[GraphQLError], execution_context: "ExecutionContext | None" = None) -> None:
        context: Any = execution_context.context if execution_context else None
        for error in errors:
            schema.errors.explain(error, getattr(context, "request_id", ""))


def unified() -> CommerceSchema:
    """Build the graph that the public endpoint serves."""
    return CommerceSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Product, Variant, Category, Location, *schema.refusals.TYPES],
        config=StrawberryConfig(scalar_map={schema.instants.Instant: schema.instants.DEFINITION}),
    )
