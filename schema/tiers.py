"""Tiers, in GraphQL's words. How they follow from what was bought stands in `domain/tiers.py`."""

from datetime import datetime

import strawberry

import domain.tiers
import resolvers.tiers
from domain.tiers import EntitlementKind
from schema.base import batch, enum, plain, view
from schema.money import Money

enum(
    EntitlementKind,
    "What an entitlement is.",
    SERVICE="Something done for the member, such as an alteration.",
    GIFT="Something given to them.",
    DELIVERY="A delivery without its fee.",
    EVENT="A place at an event.",
)


@view(domain.tiers.Entitlement, description="Something that a tier gives (权益), in any channel.")
class Entitlement:
    code: str = plain("The merchant's own code.")
    name: str = plain("What it is called.")
    kind: EntitlementKind = plain("What it is.")
    uses: int | None = plain("How often it may be used in any `days` days; null: as often as one likes.")
    days: int = plain("The stretch of days in which uses are counted.")


@view(domain.tiers.Tier, description="A rung of the one ladder of all channels (会员等级).")
class Tier:
    code: str = plain("The merchant's own code, which price lists name.")
    name: str = plain("What it is called.")
    threshold: Money = batch(
        resolvers.tiers.threshold_of, description="What must be bought within the window to reach it, refunds deducted."
    )
    multiplier: int = plain("Points are earned times this many ten-thousandths.", attribute="multiplier_bp")
    entitlements: list[Entitlement] = plain("What it gives.")


@view(resolvers.tiers.Progress, description="How far a member is to the next tier, and how long this one holds.")
class TierProgress:
    qualifying: Money = plain("What they bought within the window until now, refunds deducted.")
    next: Tier | None = plain("The tier above theirs; null on the highest.")
    missing: Money | None = plain("What is missing to it; null on the highest.")
    to_keep: Money = plain("What a completed order must come to for their tier to be renewed by it.")
    holds_until: datetime | None = plain("When the term of their tier ends, in UTC; null on the lowest, which stays.")
    is_in_grace: bool = plain("True when the term has ended, and the tier is kept for a while still.")


@view(resolvers.tiers.Held, description="An entitlement of a member, and how much of it is left.")
class MemberEntitlement:
    entitlement: Entitlement = plain("What it is.")
    left: int | None = plain("How often it may be used still; null: as often as they like.")
    again_at: datetime | None = plain("When it may be used again, in UTC; null where it may be used now.")


@strawberry.type
class TieredMember:
    """The part of a member that tiers contribute."""

    tier: Tier | None = batch(
        resolvers.tiers.tier_of, description="Where they stand now; null where the source of tiers is away."
    )
    tier_progress: TierProgress | None = batch(
        resolvers.tiers.progress_of, description="How far they are; null where the source of tiers is away."
    )
    entitlements: list[MemberEntitlement] | None = batch(
        resolvers.tiers.entitlements_of, description="What their tier gives; null where the source of tiers is away."
    )


@strawberry.type
class TierQuery:
    tiers: list[Tier] = batch(resolvers.tiers.ladder, description="All tiers, the lowest first.")
