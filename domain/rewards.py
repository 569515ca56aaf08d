"""Rewards (礼遇): gifts, coupons and services for points, whatever the channel the points were earned in.

A redemption has a code that works once, for whoever hands the reward over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from domain.channels import Channel
from domain.refusals.base import Path, Refusal
from domain.refusals.points import RedemptionUsed, RewardNotOffered, RewardSoldOut


class RewardKind(Enum):
    """What one gets."""

    GIFT = "GIFT"
    COUPON = "COUPON"
    SERVICE = "SERVICE"


@dataclass(frozen=True, slots=True)
class Reward:
    """Something for so many points. `stock` None: any number; no `channels`: everywhere; valid in [from, until)."""

    code: str
    kind: RewardKind
    title: str
    programme: str
    cost: int
    stock: int | None = None
    channels: tuple[Channel, ...] = ()
    sku: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    version: int = 1

    def is_offered(self, channel: Channel, now: datetime) -> bool:
        """Whether it can be had in a channel now."""
        is_here = not self.channels or channel in self.channels
        has_begun = self.valid_from is None or self.valid_from <= now
        return is_here and has_begun and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True, slots=True)
class Redemption:
    """A reward that a member has paid for; `code` is what they show, and works once."""

    id: str
    code: str
    reward_code: str
    member_id: str
    programme: str
    points: int
    channel: Channel
    redeemed_at: datetime
    fulfilled_at: datetime | None = None
    fulfilled_by: str | None = None
    location_id: str | None = None

    @property
    def is_fulfilled(self) -> bool:
        """Whether it was handed over."""
        return self.fulfilled_at is not None


def take(reward: Reward, channel: Channel, *, path: Path, now: datetime) -> Reward | Sequence[Refusal]:
    """One fewer of a reward, or why it is not to be had."""
    if not reward.is_offered(channel, now):
        channels = tuple(one.value for one in reward.channels)
        return [RewardNotOffered(path, reward.code, channels, reward.valid_from, reward.valid_until)]
    if reward.stock is None:
        return reward
    if reward.stock < 1:
        return [RewardSoldOut(path, reward.code)]
    return replace(reward, stock=reward.stock - 1, version=reward.version + 1)


def fulfil(
    redemption: Redemption, *, by: str, location_id: str | None, path: Path, now: datetime
) -> Redemption | Sequence[Refusal]:
    """Hand a reward over, once."""
    if redemption.fulfilled_at is not None:
        return [RedemptionUsed(path, redemption.code, redemption.fulfilled_at)]
    return replace(redemption, fulfilled_at=now, fulfilled_by=by, location_id=location_id)
