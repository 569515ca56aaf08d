"""Refusals of points, store credit and rewards, in GraphQL's words."""

from datetime import datetime

from domain.refusals import points
from schema.base import plain
from schema.refusals.base import UserError, refusal


@refusal(
    points.UnknownProgramme,
    en="There is no programme {programme} of this kind; leave it out for the usual one.",
    zh="没有代码为 {programme} 的此类积分计划，可不填以使用默认计划。",
)
class UnknownProgramme(UserError):
    programme: str = plain("The code as sent.")


@refusal(
    points.WrongAmount,
    en="{amount} is not an amount of {currency} above zero.",
    zh="{amount} 不是有效的 {currency} 金额，须大于零。",
)
class WrongAmount(UserError):
    amount: str = plain("The amount as sent.")
    currency: str = plain("ISO 4217 code.")


@refusal(
    points.LineTwice,
    en="The line {line} is named twice; add its units up.",
    zh="行 {line} 重复，请合并数量。",
)
class LineTwice(UserError):
    line: str = plain("The id as sent.")


@refusal(
    points.MemberNotActive,
    en="The member is {status}: register them first, or ask whoever blocked them.",
    zh="该会员状态为 {status}，请先注册会员，或联系管理员解除限制。",
)
class MemberNotActive(UserError):
    status: str = plain("The member's status.")


@refusal(
    points.NotEnoughPoints,
    en="There are {available} points, not {asked}.",
    zh="积分不足：需要 {asked}，可用 {available}。",
)
class NotEnoughPoints(UserError):
    asked: int = plain("Points asked for.")
    available: int = plain("Points that can be spent now.")


@refusal(
    points.NotEnoughCredit,
    en="There is {available} {currency} of store credit, not {asked}.",
    zh="储值余额不足：需要 {asked} {currency}，可用 {available}。",
)
class NotEnoughCredit(UserError):
    asked: str = plain("Amount asked for, in the major unit.")
    available: str = plain("Amount that can be spent now, in the major unit.")
    currency: str = plain("ISO 4217 code.")


@refusal(
    points.TooManyPoints,
    en="At most {most} points may pay this amount, not {asked}.",
    zh="该金额最多可用 {most} 积分抵扣，不能用 {asked}。",
)
class TooManyPoints(UserError):
    asked: int = plain("Points asked for.")
    most: int = plain("Points that may pay it.")


@refusal(
    points.DebtLimitReached,
    en="At most {most} points can be taken off, not {asked}: the member would owe too much.",
    zh="最多可扣减 {most} 积分，不能扣 {asked}，否则将超过欠分上限。",
)
class DebtLimitReached(UserError):
    asked: int = plain("Points to be taken off.")
    most: int = plain("Points that can be.")


@refusal(
    points.NothingFrozen,
    en="Nothing is frozen as {ref}, or it was captured or given back.",
    zh="没有以 {ref} 冻结的积分，或已扣减、已解冻。",
)
class NothingFrozen(UserError):
    ref: str = plain("The reference as sent.")


@refusal(
    points.RefUsed,
    en="{ref} stands for {amount} already; use another reference for something else.",
    zh="{ref} 已用于 {amount}，请换一个单号。",
)
class RefUsed(UserError):
    ref: str = plain("The reference as sent.")
    amount: int = plain("What it stands for: points, or minor units of store credit.")


@refusal(points.UnknownReward, en="There is no reward {reward}.", zh="没有代码为 {reward} 的礼遇。")
class UnknownReward(UserError):
    reward: str = plain("The code as sent.")


@refusal(
    points.RewardNotOffered,
    en="{reward} is not offered here now, but in {channels}, from {valid_from} until {valid_until}.",
    zh="{reward} 当前不可兑换，适用渠道：{channels}，有效期：{valid_from} 至 {valid_until}。",
)
class RewardNotOffered(UserError):
    reward: str = plain("The reward's code.")
    channels: list[str] = plain("Where it is offered; empty: everywhere.")
    valid_from: datetime | None = plain("From when on, in UTC; null: since ever.")
    valid_until: datetime | None = plain("Until when, in UTC; null: without an end.")


@refusal(points.RewardSoldOut, en="Nothing of {reward} is left.", zh="{reward} 已兑完。")
class RewardSoldOut(UserError):
    reward: str = plain("The reward's code.")


@refusal(
    points.UnknownRedemption,
    en="No redemption has the code {redemption}.",
    zh="没有兑换码为 {redemption} 的兑换记录。",
)
class UnknownRedemption(UserError):
    redemption: str = plain("The code as sent.")


@refusal(
    points.RedemptionUsed,
    en="{redemption} was handed over at {fulfilled_at}; it works once.",
    zh="{redemption} 已于 {fulfilled_at} 核销，不能重复使用。",
)
class RedemptionUsed(UserError):
    redemption: str = plain("The code as sent.")
    fulfilled_at: datetime = plain("When, in UTC.")
