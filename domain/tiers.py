"""Tiers (会员等级): what a member's purchases of late have earned, how long that holds, and what comes with it.

    basis      what was completed within the window before a moment, refunds deducted
    earned     at each completion, by the basis of that moment; it holds for the term, and for the grace after it
    tier       the highest of what still holds, earned or granted; nothing is taken away within its term

A tier is a function of history, grants, ladder and moment, and of nothing that was remembered of it (MEM-9).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise


class EntitlementKind(Enum):
    """What an entitlement is."""

    SERVICE = "SERVICE"
    GIFT = "GIFT"
    DELIVERY = "DELIVERY"
    EVENT = "EVENT"


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Something a tier gives, at most `uses` times in any `days` days; None: as often as one likes."""

    code: str
    name: str
    kind: EntitlementKind
    uses: int | None = None
    days: int = 365

    def left(self, used_at: Iterable[datetime], at: datetime) -> int | None:
        """Count how often it may be used still, after these uses; None: as often as one likes."""
        return None if self.uses is None else max(0, self.uses - len(self._counted(used_at, at)))

    def again_at(self, used_at: Iterable[datetime], at: datetime) -> datetime | None:
        """Say when it may be used, if it may not be now: when enough of what counts has grown old."""
        counted = self._counted(used_at, at)
        if self.uses is None or len(counted) < self.uses:
            return None
        return counted[len(counted) - self.uses] + timedelta(days=self.days)

    def _counted(self, used_at: Iterable[datetime], at: datetime) -> Sequence[datetime]:
        return sorted(moment for moment in used_at if moment > at - timedelta(days=self.days))


@dataclass(frozen=True, slots=True)
class Tier:
    """A rung: reached by a basis of `threshold_minor`; points are earned times `multiplier_bp` of 10,000."""

    code: str
    name: str
    threshold_minor: int
    multiplier_bp: int = 10_000
    entitlements: tuple[Entitlement, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """The one ladder of all channels, lowest rung first; `imported` says which rung another system's code is (D10).

    Raises:
        ValueError: it does not begin at 0, does not rise, names a code twice, or leads to a rung that is not there.
    """

    version: str
    tiers: tuple[Tier, ...]
    window: timedelta = timedelta(days=365)
    term: timedelta = timedelta(days=365)
    grace: timedelta = timedelta(days=30)
    imported: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        thresholds = [tier.threshold_minor for tier in self.tiers]
        codes = {tier.code for tier in self.tiers}
        if thresholds[:1] != [0] or any(low >= high for low, high in pairwise(thresholds)):
            raise ValueError(f"the thresholds of a ladder begin at 0 and rise; these are {thresholds}")
        if len(codes) < len(self.tiers) or not codes.issuperset(self.imported.values()):
            raise ValueError("the codes of a ladder are distinct, and what is imported leads to one of them")

    @property
    def lookback(self) -> timedelta:
        """How far back completions matter: for what one of them earned may hold still."""
        return self.window + self.term + self.grace

    def rank(self, code: str) -> int | None:
        """Count the rungs below one of ours, or of another system's; None: neither knows it."""
        ours = self.imported.get(code, code)
        return next((rank for rank, tier in enumerate(self.tiers) if tier.code == ours), None)

    def reached(self, basis_minor: int) -> int:
        """Count the rungs below the highest that this much reaches."""
        return max(rank for rank, tier in enumerate(self.tiers) if rank == 0 or tier.threshold_minor <= basis_minor)


@dataclass(frozen=True, slots=True)
class Completed:
    """A completed order of a member: what it was worth, refunds deducted."""

    at: datetime
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Grant:
    """A tier that was bought, given or brought from another system, for a time: [since, until)."""

    code: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands; `holds_until` None: the lowest rung, which nobody loses."""

    tier: Tier
    basis_minor: int
    holds_until: datetime | None = None
    is_in_grace: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is to the next rung, and how much would renew this one; `next` None: there is none above."""

    basis_minor: int
    next: Tier | None
    missing_minor: int | None
    to_keep_minor: int


def standing(ladder: Ladder, history: Iterable[Completed], grants: Iterable[Grant] = (), *, at: datetime) -> Standing:
    """Say where a member stands at a moment; the order of the history does not matter."""
    known = sorted((one for one in history if one.at <= at), key=lambda one: one.at)
    rungs = [*_earned(ladder, known, at), *_granted(ladder, grants, at)]
    basis_minor = sum(one.amount_minor for one in known if one.at > at - ladder.window)
    best = max(rungs, default=(0, at))
    if best[0] == 0:
        return Standing(ladder.tiers[0], basis_minor)
    rank, holds_until = best
    return Standing(ladder.tiers[rank], basis_minor, holds_until, is_in_grace=at >= holds_until)


def progress(ladder: Ladder, standing: Standing) -> Progress:
    """Say what is missing to the next rung."""
    above = [tier for tier in ladder.tiers if tier.threshold_minor > standing.tier.threshold_minor]
    basis_minor = standing.basis_minor
    missing_minor = max(0, above[0].threshold_minor - basis_minor) if above else None
    to_keep_minor = max(0, standing.tier.threshold_minor - basis_minor)
    return Progress(basis_minor, above[0] if above else None, missing_minor, to_keep_minor)


def _earned(ladder: Ladder, known: Sequence[Completed], at: datetime) -> Iterable[tuple[int, datetime]]:
    """Each rung that a completion has earned and that holds still, with the end of its term."""
    basis_minor = first = 0
    ends = [one.at != after.at for one, after in pairwise(known)] + [True]
    for one, is_last_of_its_moment in zip(known, ends, strict=bool(known)):
        basis_minor += one.amount_minor
        while known[first].at <= one.at - ladder.window:
            basis_minor -= known[first].amount_minor
            first += 1
        if is_last_of_its_moment and at < one.at + ladder.term + ladder.grace:
            yield ladder.reached(basis_minor), one.at + ladder.term


def _granted(ladder: Ladder, grants: Iterable[Grant], at: datetime) -> Iterable[tuple[int, datetime]]:
    for grant in grants:
        if grant.since <= at < grant.until and (rank := ladder.rank(grant.code)) is not None:
            yield rank, grant.until


GIFT_WRAPPING = Entitlement("gift-wrapping", "礼品包装", EntitlementKind.SERVICE)
ALTERATION = Entitlement("alteration", "免费改衣", EntitlementKind.SERVICE, uses=4)
BIRTHDAY_GIFT = Entitlement("birthday-gift", "生日礼", EntitlementKind.GIFT, uses=1)
FREE_DELIVERY = Entitlement("free-delivery", "免运费", EntitlementKind.DELIVERY, uses=2, days=30)
PREVIEW = Entitlement("preview", "新品预览会", EntitlementKind.EVENT, uses=2)

LADDER = Ladder(
    version="1",
    tiers=(
        Tier("member", "会员", 0, entitlements=(GIFT_WRAPPING,)),
        Tier("silver", "银卡", 200_000, 11_000, (GIFT_WRAPPING, BIRTHDAY_GIFT)),
        Tier("gold", "金卡", 1_000_000, 12_500, (GIFT_WRAPPING, BIRTHDAY_GIFT, FREE_DELIVERY, ALTERATION)),
        Tier("black", "黑金卡", 5_000_000, 15_000, (GIFT_WRAPPING, BIRTHDAY_GIFT, FREE_DELIVERY, ALTERATION, PREVIEW)),
    ),
)
"""The ladder of a merchant who has not written another."""
