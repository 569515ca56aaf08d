"""RFM and worth, in GraphQL's words. What they are stands in `domain/rfm.py` and `domain/worth.py`."""

from datetime import datetime

import strawberry

import domain.rfm
import domain.worth
import resolvers.rfm
import resolvers.worth
from domain.viewers import Scope
from schema.base import Argument, batch, plain, view
from schema.instants import Instant
from schema.money import Money

STAFF = "For staff: others get FORBIDDEN and null."


@view(domain.rfm.Segment, description="One of the eight segments that three bits make.")
class RfmSegment:
    bits: str = plain("Bought lately, often, for much: r, f and m, such as 101.")
    name: str = plain("What it is commonly called; vendors differ, so go by the bits.")


@view(domain.rfm.Scores, description="Scores of 1 to 5: how many of all members stand strictly worse.")
class RfmScores:
    recency: int = plain("How lately they bought; 5 is the latest.")
    frequency: int = plain("How often.")
    monetary: int = plain("For how much.")


@view(resolvers.rfm.MemberRfm, description="How lately, how often and for how much a member bought, among all others.")
class MemberRfm:
    r: bool = plain("Bought lately: on this side of the cut.", attribute="segment.is_recent")
    f: bool = plain("Bought often.", attribute="segment.is_frequent")
    m: bool = plain("Bought for much.", attribute="segment.is_high")
    segment: RfmSegment = plain("The three bits together.")
    quintiles: RfmScores = plain("The same in five steps.", attribute="scores")
    recency_days: int = plain("Whole days since their last completed order.", attribute="figures.recency_days")
    orders: int = plain("Completed orders of the last 365 days.", attribute="figures.orders")
    amount: Money = plain("What these came to, refunds deducted.")
    as_of: datetime = plain("When all members were compared, in UTC.")


@view(resolvers.rfm.Cell, description="A segment, and how many members stand in it.")
class RfmCell:
    segment: RfmSegment = plain("Which one.")
    members: int = plain("How many.")


@view(resolvers.rfm.Segments, description="All members who ever completed an order, in eight segments.")
class RfmSegments:
    cells: list[RfmCell] = plain("All eight.")
    members: int = plain("How many there are in all: the sum of the cells.")
    recency_days: int = plain("Bought lately: at most so many days ago.")
    orders: int = plain("Bought often: at least so many orders.")
    amount: Money = plain("Bought for much: at least this.")
    as_of: datetime = plain("When it was computed, in UTC.")


@view(resolvers.worth.LifetimeValue, description="What a member has brought, and what may be expected of them.")
class LifetimeValue:
    historic: Money = plain("What all their completed orders came to, refunds deducted.")
    orders: int = plain("How many there are.")
    average_order: Money = plain("What one of them came to on average.")
    orders_per_year: float = plain("How many a year, since the first.")
    forecast: Money = plain(
        f"Average order times orders a year times {domain.worth.EXPECTED_YEARS} years; no margin is taken of it."
    )


@view(domain.worth.Repurchase, description="How many of those who bought came again.")
class Repurchase:
    rate: float | None = plain("Which share of `members` is `returning`; null where nobody bought.")
    members: int = plain("Members with a completed order in the period.")
    returning: int = plain("Those of them with more than one.")


@strawberry.type
class RankedMember:
    """The part of a member that analysis contributes."""

    rfm: MemberRfm | None = batch(
        resolvers.rfm.rfm_of,
        description=f"Where they stood at the last daily comparison; null if they had never bought. {STAFF}",
        scope=Scope.MEMBERS_READ,
    )
    lifetime_value: LifetimeValue | None = batch(
        resolvers.worth.lifetime_value_of,
        description=f"What they have brought until now. {STAFF}",
        scope=Scope.MEMBERS_READ,
    )


@strawberry.type
class RfmQuery:
    rfm_segments: RfmSegments | None = batch(
        resolvers.rfm.segments,
        description="How many members stand in which segment; null before the first comparison.",
        scope=Scope.ANALYTICS_READ,
    )
    repurchase_rate: Repurchase | None = batch(
        resolvers.worth.repurchase_rate,
        description="Of the members who bought in a period, how many did so more than once.",
        scope=Scope.ANALYTICS_READ,
        since=Argument("The period begins here.", Instant, "from"),
        until=Argument("And ends before this; otherwise error BAD_ARGUMENT.", Instant, "to"),
    )
