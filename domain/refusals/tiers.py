"""Refusals of what a tier gives."""

from dataclasses import dataclass
from datetime import datetime

from domain.refusals.base import Refusal


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
