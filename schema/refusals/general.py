"""Refusals of what is wrong with an input in itself, with its key, or with a step, in GraphQL's words."""

from datetime import datetime

from domain.refusals import general
from schema.base import plain
from schema.refusals.base import UserError, refusal


@refusal(
    general.NegativeQuantity,
    en="This quantity cannot be below zero; it was {quantity}.",
    zh="此处数量不能小于零，收到 {quantity}。",
)
class NegativeQuantity(UserError):
    quantity: int = plain("The quantity as sent.")


@refusal(
    general.QuantityNotPositive,
    en="A quantity must be above zero, within reason; it was {quantity}.",
    zh="数量必须大于零且合理，收到 {quantity}。",
)
class QuantityNotPositive(UserError):
    quantity: int = plain("The quantity as sent.")


@refusal(
    general.QuantityTooHigh,
    en="{quantity} of {sku} are too many: there can be {most} at most.",
    zh="{sku} 的数量 {quantity} 超过了上限 {most}。",
)
class QuantityTooHigh(UserError):
    sku: str = plain("The variant's sku.")
    quantity: int = plain("The quantity as sent.")
    most: int = plain("How many there can be.")


@refusal(
    general.WrongDirection,
    en="A movement of type {type} cannot have a delta of {delta}.",
    zh="{type} 类型的变动数量不能是 {delta}。",
)
class WrongDirection(UserError):
    delta: int = plain("The delta as sent.")
    type: str = plain("The type of the movement.")


@refusal(
    general.ObservedInFuture,
    en="{observed_at} lies in the future (it is {now}). Check the clock of the source.",
    zh="{observed_at} 晚于当前时间 {now}，请检查来源系统的时钟。",
)
class ObservedInFuture(UserError):
    observed_at: datetime = plain("When it was observed, as sent, in UTC.")
    now: datetime = plain("What our clock says, in UTC.")


@refusal(
    general.TooManyItems,
    en="One call takes at most {limit} items; there were {given}. Send them in several calls.",
    zh="一次最多 {limit} 条，收到 {given} 条，请分批发送。",
)
class TooManyItems(UserError):
    limit: int = plain("How many a call takes.")
    given: int = plain("How many were sent.")


@refusal(
    general.EmptyField,
    en="This field must not be empty.",
    zh="此项不能为空。",
)
class EmptyField(UserError):
    pass


@refusal(
    general.TextTooLong,
    en="At most {limit} characters are kept here; there were {given}. Send a shorter text.",
    zh="此项最多 {limit} 个字符，收到 {given} 个，请缩短。",
)
class TextTooLong(UserError):
    limit: int = plain("How many characters are kept.")
    given: int = plain("How many were sent.")


@refusal(
    general.IdempotencyConflict,
    en="The idempotency key {key} was used for another request. Use a new key for a new request.",
    zh="幂等键 {key} 已用于另一个请求，新请求请使用新的键。",
)
class IdempotencyConflict(UserError):
    key: str = plain("The key as sent.")


@refusal(
    general.TransitionRefused,
    en="From {from_state} it cannot become {to_state}; it can go to: {allowed}.",
    zh="状态为 {from_state} 时不能变为 {to_state}，可变为：{allowed}。",
)
class TransitionRefused(UserError):
    from_state: str = plain("The state it is in.")
    to_state: str = plain("The state it was to go to.")
    allowed: list[str] = plain("The states it can go to; empty when it is final.")
