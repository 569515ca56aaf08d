"""Refusals of tiers, and of what they give, in GraphQL's words."""

from datetime import datetime

from domain.refusals import tiers
from schema.base import plain
from schema.refusals.base import UserError, refusal


@refusal(
    tiers.UnknownTier,
    en="There is no tier {tier}; these are: {known}.",
    zh="没有会员等级 {tier}，可用等级：{known}。",
)
class UnknownTier(UserError):
    tier: str = plain("The code as sent.")
    known: list[str] = plain("The tiers there are.")


@refusal(
    tiers.EntitlementNotHeld,
    en="The tier {tier} does not give {entitlement}.",
    zh="会员等级 {tier} 不含权益 {entitlement}。",
)
class EntitlementNotHeld(UserError):
    entitlement: str = plain("The code as sent.")
    tier: str = plain("The member's tier.")


@refusal(
    tiers.EntitlementUsedUp,
    en="{entitlement} was used {uses} times, which is all there is; again from {again_at} on.",
    zh="权益 {entitlement} 已用完 {uses} 次，{again_at} 起可再次使用。",
)
class EntitlementUsedUp(UserError):
    entitlement: str = plain("The code as sent.")
    uses: int = plain("How often it may be used.")
    again_at: datetime = plain("When it may be used again, in UTC.")


@refusal(
    tiers.EndsBeforeItBegins,
    en="What begins at {begins_at} cannot end at {ends_at}.",
    zh="开始时间 {begins_at} 不能晚于结束时间 {ends_at}。",
)
class EndsBeforeItBegins(UserError):
    begins_at: datetime = plain("When it would begin, in UTC.")
    ends_at: datetime = plain("When it would end, in UTC.")
