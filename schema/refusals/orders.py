"""Refusals of what concerns orders, in GraphQL's words."""

from domain.refusals import orders
from schema.base import plain
from schema.refusals.base import UserError, refusal


@refusal(
    orders.UnknownReceipt,
    en="No receipt {number} over this amount is waiting for somebody. Compare number and total with the receipt.",
    zh="没有金额相符、尚待认领的小票 {number}，请核对小票号与实付金额。",
)
class UnknownReceipt(UserError):
    number: str = plain("The number as sent.")
