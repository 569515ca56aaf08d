"""Refusals of what concerns orders."""

from dataclasses import dataclass

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class UnknownReceipt(Refusal):
    """No receipt says this: the number, what was paid, or it is somebody's already."""

    number: str
