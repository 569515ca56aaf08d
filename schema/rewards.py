"""Rewards (礼遇), in GraphQL's words. When one is offered, and that codes work once, is in `domain/rewards.py`."""

from datetime import datetime

import strawberry

import domain.rewards
import resolvers.rewards
from domain.rewards import RewardKind
from domain.viewers import Scope
from schema.base import batch, enum, plain, view
from schema.channels import Channel
from schema.commands import KEY, USER_ERRORS, command
from schema.inputs import input
from schema.instants import Instant
from schema.points import PointsProgramme
from schema.refusals.base import UserError

enum(
    RewardKind,
    "What one gets.",
    GIFT="Something to take home.",
    COUPON="A discount on a later purchase.",
    SERVICE="Something done in a store, such as an alteration.",
)


@view(domain.rewards.Reward, description="Something that members get for points, in whatever channel they earned them.")
class Reward:
    code: str = plain("The merchant's own code.")
    kind: RewardKind = plain("What one gets.")
    title: str = plain("What it is called.")
    cost: int = plain("Points it takes.")
    programme: PointsProgramme | None = batch(
        resolvers.rewards.programmes_of, description="In what it is paid; null where that programme was closed."
    )
    stock: int | None = plain("How many are left; null: any number.")
    channels: list[Channel] = plain("Where it is offered; empty: everywhere.")
    sku: str | None = plain("What a gift is; null where it is no article.")
    valid_from: datetime | None = plain("From when on, in UTC; null: since ever.")
    valid_until: datetime | None = plain("Until when, in UTC; null: without an end.")


@view(domain.rewards.Redemption, description="A reward that a member has paid for.")
class RewardRedemption:
    code: str = plain("What the member shows; it works once.")
    reward: Reward | None = batch(resolvers.rewards.of_redemptions, description="For what.")
    points: int = plain("Points it took.")
    channel: Channel = plain("Where it was redeemed.")
    redeemed_at: datetime = plain("When, in UTC.")
    is_fulfilled: bool = plain("Whether it was handed over.")
    fulfilled_at: datetime | None = plain("When it was handed over, in UTC; null: not yet.")


@strawberry.type
class RewardedMember:
    """The part of a member that rewards contribute."""

    reward_redemptions: list[RewardRedemption] | None = batch(
        resolvers.rewards.of_members,
        description=f"What they redeemed, the newest first, at most {resolvers.rewards.MAX_SHOWN}; null where its "
        "source is down.",
    )


@input(resolvers.rewards.Save, description="A reward as it is to be offered.")
class RewardSaveInput:
    code: str = strawberry.field(description="Its code; one that is there already is offered otherwise.")
    kind: RewardKind = strawberry.field(description="What one gets.")
    title: str = strawberry.field(description="What it is called; at most 200 characters.")
    cost: int = strawberry.field(description="Points it takes, 1 or more.")
    idempotency_key: str = strawberry.field(description=KEY)
    programme: str | None = strawberry.field(default=None, description="In what it is paid; null: the usual programme.")
    stock: int | None = strawberry.field(default=None, description="How many there are; null: any number.")
    channels: list[Channel] = strawberry.field(default_factory=list, description="Where; empty: everywhere.")
    sku: str | None = strawberry.field(default=None, description="What a gift is.")
    valid_from: Instant | None = strawberry.field(default=None, description="From when on; null: at once.")
    valid_until: Instant | None = strawberry.field(default=None, description="Until when; null: without an end.")


@input(resolvers.rewards.Redeem, description="A reward to redeem.")
class RewardRedeemInput:
    member: strawberry.ID = strawberry.field(description="Id of the member whose points pay.")
    reward: str = strawberry.field(description="Code of the reward.")
    idempotency_key: str = strawberry.field(description=KEY)


@input(resolvers.rewards.Fulfil, description="A code that a member shows.")
class RewardFulfilInput:
    code: str = strawberry.field(description="The code, in any case.")
    idempotency_key: str = strawberry.field(description=KEY)


@view(resolvers.rewards.Saved, description="What is offered now.")
class RewardSavePayload:
    reward: Reward | None = plain("As it is now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@strawberry.type
class _Redeemed:
    redemption: RewardRedemption | None = plain("As it is now; null where it was refused.")
    user_errors: list[UserError] = plain(USER_ERRORS)


@view(resolvers.rewards.Redeemed, description="What was redeemed.")
class RewardRedeemPayload(_Redeemed):
    pass


@view(resolvers.rewards.Redeemed, description="What was handed over.")
class RewardFulfilPayload(_Redeemed):
    pass


@strawberry.type
class RewardQuery:
    rewards: list[Reward] = batch(
        resolvers.rewards.offered, description="What can be had for points in this channel now, the cheapest first."
    )


@strawberry.type
class RewardMutation:
    reward_save: RewardSavePayload = command(
        resolvers.rewards.save,
        description="Offer a reward, or offer it otherwise.",
        input=RewardSaveInput,
        scope=Scope.POINTS_WRITE,
    )
    reward_redeem: RewardRedeemPayload = command(
        resolvers.rewards.redeem,
        description="Get a reward for points, in any channel that offers it. Whoever has joined may.",
        input=RewardRedeemInput,
        scope=Scope.POINTS_REDEEM,
    )
    reward_fulfil: RewardFulfilPayload = command(
        resolvers.rewards.fulfil,
        description="Hand over what was redeemed: its code works once.",
        input=RewardFulfilInput,
        scope=Scope.CLIENTS_WRITE,
    )
