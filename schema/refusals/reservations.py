"""Refusals of units that cannot be kept, or not like that, in GraphQL's words."""

from datetime import datetime

from domain.refusals import reservations
from schema.base import plain
from schema.refusals.base import UserError, refusal


@refusal(
    reservations.UnknownReservation,
    en="There is no reservation {reservation} that you may see.",
    zh="没有您可以查看的预占 {reservation}。",
)
class UnknownReservation(UserError):
    reservation: str = plain("The id as sent.")


@refusal(
    reservations.ReservationExpired,
    en="The time of reservation {reservation} was over at {expired_at}. Reserve again.",
    zh="预占 {reservation} 已于 {expired_at} 过期，请重新预占。",
)
class ReservationExpired(UserError):
    reservation: str = plain("Its key.")
    expired_at: datetime = plain("When its time was over, in UTC.")


@refusal(
    reservations.ExtensionTooLong,
    en="Choose a time from now on that is not after {latest}; units are kept no longer.",
    zh="请选择从现在起不晚于 {latest} 的时间，最晚只能保留到那时。",
)
class ExtensionTooLong(UserError):
    latest: datetime = plain("The latest moment that is allowed, in UTC.")


@refusal(
    reservations.KindNotOffered,
    en="A reservation of kind {kind} is made and ended by the house itself. Use its own commands.",
    zh="{kind} 类型的预占由系统自行建立和结束，请使用相应的操作。",
)
class KindNotOffered(UserError):
    kind: str = plain("The kind, such as TRANSFER.")
