"""What we ask of the store when something changes: one transaction for all of it, or nothing."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

from datasources.ports.access import AccessLog
from datasources.ports.associates import AssociateBook
from datasources.ports.behaviour import BehaviourBook
from datasources.ports.catalog import CatalogSource
from datasources.ports.client_tasks import ClientTaskBook
from datasources.ports.clients import ClientBook
from datasources.ports.commission import CommissionBook
from datasources.ports.consents import ConsentBook
from datasources.ports.counting import CountBook
from datasources.ports.inbound import InboundBook
from datasources.ports.locations import LocationSource
from datasources.ports.members import MemberBook
from datasources.ports.merges import MergeBook
from datasources.ports.orders import OrderBook
from datasources.ports.points import PointsBook
from datasources.ports.reservations import ReservationBook
from datasources.ports.returns import ReturnBook
from datasources.ports.rewards import RewardBook
from datasources.ports.sessions import SessionBook
from datasources.ports.sign_in import CodeBook, TabletBook, TryBook
from datasources.ports.stock import StockBook, StockSource
from datasources.ports.tags import MemberTagBook
from datasources.ports.tiers import TierBook
from datasources.ports.transfers import TransferBook
from datasources.ports.wishlist import WishBook
from domain.events import Event

ClientKey = tuple[str, str]
"""(client, idempotency key)."""


class Remembered(NamedTuple):
    """What is kept of a client's idempotency key: what was asked, and what was answered."""

    request_hash: str
    response: str


class Work(Protocol):
    """One transaction: everything written through it becomes true together when its context ends."""

    @property
    def stock(self) -> StockBook:
        """The book of stock."""
        ...

    @property
    def reservations(self) -> ReservationBook:
        """What is kept for whom."""
        ...

    @property
    def inbound(self) -> InboundBook:
        """What is confirmed to come."""
        ...

    @property
    def counts(self) -> CountBook:
        """What is counted."""
        ...

    @property
    def transfers(self) -> TransferBook:
        """What goes from one location to another."""
        ...

    @property
    def members(self) -> MemberBook:
        """Who is known."""
        ...

    @property
    def consents(self) -> ConsentBook:
        """What they allow."""
        ...

    @property
    def merges(self) -> MergeBook:
        """Who was two, and who may be one."""
        ...

    @property
    def access(self) -> AccessLog:
        """Who looked at whom; what is written down here is kept if the work is."""
        ...

    @property
    def orders(self) -> OrderBook:
        """What was bought."""
        ...

    @property
    def returns(self) -> ReturnBook:
        """What came back."""
        ...

    @property
    def tiers(self) -> TierBook:
        """What was granted, and which entitlements were used."""
        ...

    @property
    def tags(self) -> MemberTagBook:
        """What was said of members."""
        ...

    @property
    def behaviour(self) -> BehaviourBook:
        """What members did."""
        ...

    @property
    def wishes(self) -> WishBook:
        """What members wish for."""
        ...

    @property
    def associates(self) -> AssociateBook:
        """Who works where."""
        ...

    @property
    def clients(self) -> ClientBook:
        """Who looks after whom, and who came where."""
        ...

    @property
    def client_tasks(self) -> ClientTaskBook:
        """What is to do for whom, and what was noted."""
        ...

    @property
    def commission(self) -> CommissionBook:
        """Who earned what by which sale."""
        ...

    @property
    def points(self) -> PointsBook:
        """Points and store credit."""
        ...

    @property
    def rewards(self) -> RewardBook:
        """Rewards and who redeemed them."""
        ...

    @property
    def sessions(self) -> SessionBook:
        """Who is signed in."""
        ...

    @property
    def codes(self) -> CodeBook:
        """Which one-time codes were sent."""
        ...

    @property
    def tries(self) -> TryBook:
        """Who tried in vain."""
        ...

    @property
    def tablets(self) -> TabletBook:
        """Which tablets are known, and the PINs of those who use them."""
        ...

    async def locked_key(self, key: ClientKey) -> Remembered | None:
        """What was answered before to a client's key, if anything; the key is locked until the work ends."""
        ...

    async def remembered(self, keys: Collection[ClientKey]) -> Mapping[ClientKey, Remembered]:
        """What was answered before to any of these keys; locks none of them."""
        ...

    async def remember(self, answers: Mapping[ClientKey, Remembered]) -> None:
        """Keep answers to keys.

        Raises:
            Raced: another transaction answered one of them meanwhile.
        """
        ...

    async def tell(self, events: Sequence[Event]) -> None:
        """Put events into the outbox."""
        ...


class Workplace(Protocol):
    """Where units of work begin, and what is read as it is committed: never a cache, for it may not know the newest."""

    @property
    def catalog(self) -> CatalogSource:
        """Which variants there are."""
        ...

    @property
    def locations(self) -> LocationSource:
        """Which locations there are."""
        ...

    @property
    def stock(self) -> StockSource:
        """What the levels are."""
        ...

    def work(self) -> AbstractAsyncContextManager[Work]:
        """Begin a transaction; it commits when the context ends well, and leaves no trace when it does not."""
        ...


class Raced(Exception):
    """Another transaction wrote what this one was about to: do it again, and read what the other wrote."""
