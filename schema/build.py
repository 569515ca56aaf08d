"""The schema: one graph of all topics."""

import strawberry
from strawberry.schema.config import StrawberryConfig

import schema.instants
import schema.refusals.behaviour
import schema.refusals.clients
import schema.refusals.general
import schema.refusals.identity
import schema.refusals.locations
import schema.refusals.members
import schema.refusals.orders
import schema.refusals.points
import schema.refusals.reservations
import schema.refusals.sessions
import schema.refusals.stock
import schema.refusals.tags
import schema.refusals.tiers
from execution.run import Hook
from resolvers.context import Context
from schema.associates import AssociateMutation, AssociateQuery
from schema.audience import AudienceQuery
from schema.behaviour import BehaviourMutation
from schema.catalog import CatalogQuery
from schema.client_tasks import ClientTaskMutation, ClientTaskQuery, ClientTaskSubscription
from schema.clients import ClientMutation, ClientQuery, ClientSubscription
from schema.commission import CommissionMutation, CommissionQuery
from schema.consents import ConsentMutation
from schema.counting import CountingMutation, CountingQuery
from schema.executing import EngineSchema
from schema.inbound import InboundMutation
from schema.insight import InsightMutation
from schema.inventory import InventoryMutation
from schema.live import Rights
from schema.live_stock import LiveStockQuery, LiveStockSubscription
from schema.locations import LocationQuery
from schema.member_commands import MemberMutation
from schema.members import MemberQuery
from schema.merging import MergeMutation, MergeQuery
from schema.node import NodeQuery
from schema.orders import OrderMutation, OrderQuery
from schema.points import PointsQuery, PointsSubscription
from schema.points_commands import PointsMutation
from schema.reservations import ReservationMutation, ReservationQuery
from schema.rewards import RewardMutation, RewardQuery
from schema.rfm import RfmQuery
from schema.sessions import SessionMutation
from schema.stock_levels import StockLevelQuery
from schema.store_credit import StoreCreditMutation
from schema.tasks import TaskQuery, TaskSubscription
from schema.terms import TermsMutation
from schema.tiers import TierQuery
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
    OrderQuery,
    MergeQuery,
    TierQuery,
    RfmQuery,
    AudienceQuery,
    AssociateQuery,
    ClientQuery,
    ClientTaskQuery,
    CommissionQuery,
    PointsQuery,
    RewardQuery,
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
    InsightMutation,
    BehaviourMutation,
    AssociateMutation,
    ClientMutation,
    ClientTaskMutation,
    CommissionMutation,
    OrderMutation,
    PointsMutation,
    RewardMutation,
    StoreCreditMutation,
):
    pass


@strawberry.type(description="What can be watched.")
class Subscription(
    LiveStockSubscription, TaskSubscription, ClientSubscription, ClientTaskSubscription, PointsSubscription
):
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
