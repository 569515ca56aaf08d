"""Refusals of units that cannot be kept, or not like that."""

from dataclasses import dataclass
from datetime import datetime

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class UnknownReservation(Refusal):
    """No reservation that you may see has this id."""

    reservation: str


@dataclass(frozen=True, slots=True)
class ReservationExpired(Refusal):
    """A reservation whose time has passed."""

    reservation: str
    expired_at: datetime


@dataclass(frozen=True, slots=True)
class ExtensionTooLong(Refusal):
    """Units would be kept longer than the limit."""

    latest: datetime


@dataclass(frozen=True, slots=True)
class KindNotOffered(Refusal):
    """A reservation of a kind that only the house makes and ends."""

    kind: str
