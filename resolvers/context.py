"""What one operation may use: the sources, the house's policies, who asks, and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from datasources.ports.access import AccessLog
from datasources.ports.associates import AssociateSource
from datasources.ports.behaviour import BehaviourSource
from datasources.ports.catalog import CatalogSource, CategorySource, ProductIndex
from datasources.ports.client_tasks import ClientTaskSource
from datasources.ports.clients import ClientSource
from datasources.ports.commission import CommissionSource
from datasources.ports.consents import ConsentSource
from datasources.ports.counting import CountSource
from datasources.ports.events import EventBus, EventLog
from datasources.ports.inbound import InboundSource
from datasources.ports.locations import LocationSource
from datasources.ports.members import MemberSource
from datasources.ports.merges import MergeSource
from datasources.ports.messages import CodeSender
from datasources.ports.orders import OrderSource
from datasources.ports.points import PointsSource
from datasources.ports.prices import AssortmentSource, PriceSource
from datasources.ports.recommender import Recommender
from datasources.ports.reservations import ReservationSource
from datasources.ports.rewards import RewardSource
from datasources.ports.rfm import RfmSource, WorthSource
from datasources.ports.sessions import SessionSource, TokenIssuer
from datasources.ports.stock import StockSource
from datasources.ports.tags import MemberTagSource
from datasources.ports.tiers import EntitlementSource, TierSource
from datasources.ports.transfers import TransferSource
from datasources.ports.wechat import WeChat
from datasources.ports.wishlist import WishSource
from datasources.ports.work import Workplace
from domain.availability import Freshness
from domain.bindings import Periods
from domain.channels import Channel
from domain.programmes import Programme
from domain.rfm import CutRule, Cuts
from domain.tiers import LADDER, Ladder
from domain.viewers import GUEST, Role, Viewer
from resolvers.combining import Combiner
from resolvers.ended import EndedSessions
from resolvers.errors import Unauthenticated
from resolvers.rounds import Answer, Command


@dataclass(frozen=True, slots=True)
class Sources:
    """Which adapter serves which role; `reserve` is where the reservations of this process are combined."""

    catalog: CatalogSource
    categories: CategorySource
    index: ProductIndex
    prices: PriceSource
    assortment: AssortmentSource
    locations: LocationSource
    stock: StockSource
    reservations: ReservationSource
    inbound: InboundSource
    counts: CountSource
    transfers: TransferSource
    members: MemberSource
    consents: ConsentSource
    merges: MergeSource
    orders: OrderSource
    recommender: Recommender
    clients: ClientSource
    access: AccessLog
    tiers: TierSource
    entitlements: EntitlementSource
    tags: MemberTagSource
    behaviour: BehaviourSource
    wishes: WishSource
    rfm: RfmSource
    worth: WorthSource
    associates: AssociateSource
    client_tasks: ClientTaskSource
    commission: CommissionSource
    points: PointsSource
    rewards: RewardSource
    sessions: SessionSource
    ended: EndedSessions
    wechat: WeChat
    sender: CodeSender
    issuer: TokenIssuer
    log: EventLog
    bus: EventBus
    workplace: Workplace
    reserve: Combiner[Command, Answer]


@dataclass(frozen=True, slots=True)
class Policies:
    """What the merchant decided."""

    currency: str
    low_stock_threshold: int
    freshness: Freshness
    freshness_by_source: Mapping[str, Freshness] = field(default_factory=dict)
    reservation_ttl: timedelta = timedelta(minutes=15)
    reservation_extension: timedelta = timedelta(minutes=30)
    ladder: Ladder = LADDER
    rfm_cut: CutRule | Cuts = CutRule.MEDIAN
    time_zone: str = "Asia/Shanghai"
    client_periods: Periods = field(default_factory=Periods)
    birthday_ahead_days: int = 7
    programmes: tuple[Programme, ...] = ()
    access_lifetime: timedelta = timedelta(minutes=15)
    member_session: timedelta = timedelta(days=30)
    staff_session: timedelta = timedelta(hours=12)

    def refresh_lifetime(self, role: Role) -> timedelta:
        """How long somebody stays signed in who does not come back."""
        return self.member_session if role is Role.MEMBER else self.staff_session

    def freshness_of(self, source: str | None) -> Freshness:
        """How long this source's word holds."""
        return self.freshness_by_source.get(source or "", self.freshness)


@dataclass(frozen=True, slots=True)
class Context:
    """One operation's surroundings. `clock` is asked, never the system: tests and replays choose the time."""

    sources: Sources
    policies: Policies
    clock: Callable[[], datetime]
    viewer: Viewer = GUEST
    channel: Channel = Channel.MINI_PROGRAM
    language: str = "zh"
    request_id: str = ""
    loaders: dict[Any, Any] = field(default_factory=dict)

    def anew(self) -> "Context":
        """The surroundings of another operation of the same viewer: nothing that this one has read."""
        return replace(self, loaders={})

    def kind(self) -> tuple[Viewer, Channel, str]:
        """What of it answers depend on."""
        return self.viewer, self.channel, self.language

    def check(self) -> None:
        """Let whoever asked go on: to the next event of a stream, to one more operation (LIV-4).

        Raises:
            Unauthenticated: TOKEN_EXPIRED, SESSION_ENDED.
        """
        if self.viewer.has_expired(self.clock()):
            raise Unauthenticated("TOKEN_EXPIRED", "The token has expired; get a new one.")
        self.check_session()

    def check_session(self) -> None:
        """Let somebody in whose token was just verified.

        Raises:
            Unauthenticated: SESSION_ENDED.
        """
        if self.sources.ended.holds(self.viewer.session_id):
            raise Unauthenticated("SESSION_ENDED", "The session has ended; sign in again.")

    def watch(self, on_end: Callable[[], None]) -> Callable[[], None]:
        """Call `on_end` when the viewer's session ends, unless what is returned is called before."""
        id = self.viewer.session_id
        return self.sources.ended.watch(id, on_end) if id is not None else _nothing


def _nothing() -> None:
    """What there is to do about a session that nobody is in."""
