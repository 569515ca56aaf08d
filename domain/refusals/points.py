"""Refusals of points, store credit and rewards."""

from dataclasses import dataclass
from datetime import datetime

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class UnknownProgramme(Refusal):
    """No programme of this kind has this code."""

    programme: str


@dataclass(frozen=True, slots=True)
class WrongAmount(Refusal):
    """An amount that is not above zero, or that the currency cannot pay."""

    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class LineTwice(Refusal):
    """A line that is named twice."""

    line: str


@dataclass(frozen=True, slots=True)
class MemberNotActive(Refusal):
    """The member may not do this: a prospect may earn and not redeem, who is blocked may do neither."""

    status: str


@dataclass(frozen=True, slots=True)
class NotEnoughPoints(Refusal):
    """Fewer points are there than are asked for."""

    asked: int
    available: int


@dataclass(frozen=True, slots=True)
class NotEnoughCredit(Refusal):
    """Less store credit is there than is asked for."""

    asked: str
    available: str
    currency: str


@dataclass(frozen=True, slots=True)
class TooManyPoints(Refusal):
    """More points than may pay this amount."""

    asked: int
    most: int


@dataclass(frozen=True, slots=True)
class DebtLimitReached(Refusal):
    """A correction that would leave the member owing more than they may."""

    asked: int
    most: int


@dataclass(frozen=True, slots=True)
class NothingFrozen(Refusal):
    """Nothing is frozen under this reference."""

    ref: str


@dataclass(frozen=True, slots=True)
class RefUsed(Refusal):
    """The reference was used for another amount."""

    ref: str
    amount: int


@dataclass(frozen=True, slots=True)
class UnknownReward(Refusal):
    """No reward has this code."""

    reward: str


@dataclass(frozen=True, slots=True)
class RewardNotOffered(Refusal):
    """The reward is not to be had now, or not in this channel."""

    reward: str
    channels: tuple[str, ...]
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class RewardSoldOut(Refusal):
    """None of the reward is left."""

    reward: str


@dataclass(frozen=True, slots=True)
class UnknownRedemption(Refusal):
    """No redemption has this code."""

    redemption: str


@dataclass(frozen=True, slots=True)
class RedemptionUsed(Refusal):
    """What was redeemed has been handed over already."""

    redemption: str
    fulfilled_at: datetime
