"""Refusals of tiers, and of what they give."""

from dataclasses import dataclass
from datetime import datetime

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class UnknownTier(Refusal):
    """No rung of the ladder has this code, and none is imported from it."""

    tier: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntitlementNotHeld(Refusal):
    """Something that the member's tier does not give."""

    entitlement: str
    tier: str


@dataclass(frozen=True, slots=True)
class EntitlementUsedUp(Refusal):
    """Something that was used as often as it may be."""

    entitlement: str
    uses: int
    again_at: datetime


@dataclass(frozen=True, slots=True)
class EndsBeforeItBegins(Refusal):
    """A time that is over before it begins."""

    begins_at: datetime
    ends_at: datetime
