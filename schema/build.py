"""The schema: one graph of all topics."""

import strawberry
from strawberry.schema.config import StrawberryConfig

import schema.instants
import schema.refusals.general
import schema.refusals.identity
import schema.refusals.locations
import schema.refusals.members
import schema.refusals.reservations
import schema.refusals.sessions
import schema.refusals.stock
from execution.run import Hook
from resolvers.context import Context
from schema.catalog import CatalogQuery
from schema.consents import ConsentMutation
from schema.counting import CountingMutation, CountingQuery
from schema.executing import EngineSchema
from schema.inbound import InboundMutation
from schema.inventory import InventoryMutation
from schema.live import Rights
from schema.live_stock import LiveStockQuery, LiveStockSubscription
from schema.locations import LocationQuery
from schema.member_commands import MemberMutation
from schema.members import MemberQuery
from schema.merging import MergeMutation, MergeQuery
from schema.node import NodeQuery
from schema.reservations import ReservationMutation, ReservationQuery
from schema.sessions import SessionMutation
from schema.stock_levels import StockLevelQuery
from schema.tasks import TaskQuery, TaskSubscription
from schema.terms import TermsMutation
from schema.transfers import TransferMutation, TransferQuery


@strawberry.type(description="What can be asked.")
class Query(
    CatalogQuery,
    LocationQuery,
    LiveStockQuery,
    ReservationQuery,
    StockLevelQuery,
    CountingQuery,
    TransferQuery,
    TaskQuery,
    MemberQuery,
    MergeQuery,
    NodeQuery,
):
    pass


@strawberry.type(description="What can be changed. Every change takes one `input` and answers what became of it.")
class Mutation(
    InventoryMutation,
    TermsMutation,
    InboundMutation,
    ReservationMutation,
    CountingMutation,
    TransferMutation,
    SessionMutation,
    MemberMutation,
    ConsentMutation,
    MergeMutation,
):
    pass


@strawberry.type(description="What can be watched.")
class Subscription(LiveStockSubscription, TaskSubscription):
    pass


def unified(*, hook: Hook | None = None, deadline_s: float | None = None) -> EngineSchema:
    """Build the graph that the public endpoint serves; `hook` and `deadline_s` are the engine's."""
    return EngineSchema(
        Query,
        Mutation,
        Subscription,
        hook=hook,
        deadline_s=deadline_s,
        rights=Rights(kind=Context.kind, check=Context.check, anew=Context.anew, watch=Context.watch),
        types=schema.refusals.base.TYPES,
        config=StrawberryConfig(scalar_map={schema.instants.Instant: schema.instants.DEFINITION}),
    )
