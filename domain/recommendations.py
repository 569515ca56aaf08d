"""Recommendations: what somebody may like, by what they bought and by what many buy. Knows nothing of shelves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from domain.co_purchase import Neighbour


class Reason(Enum):
    """Why something is recommended."""

    BOUGHT_TOGETHER = "BOUGHT_TOGETHER"
    PREFERRED = "PREFERRED"
    POPULAR = "POPULAR"


class Suggestion(NamedTuple):
    """An item, how well it fits (only to compare within one list), and why."""

    sku: str
    score: float
    reason: Reason


def ranked(
    bought: Sequence[str], neighbours: Mapping[str, Sequence[Neighbour]], popular: Sequence[str], *, limit: int
) -> Sequence[Suggestion]:
    """What goes with what somebody bought, the closest first; then what many buy. Never what they have."""
    owned = set(bought)
    scores: defaultdict[str, float] = defaultdict(float)
    for sku in sorted(owned):
        for beside in neighbours.get(sku, ()):
            if beside.sku not in owned:
                scores[beside.sku] += beside.score
    closest = sorted(scores, key=lambda sku: (-scores[sku], sku))[:limit]
    found = [Suggestion(sku, scores[sku], Reason.BOUGHT_TOGETHER) for sku in closest]
    others = [sku for sku in popular if sku not in owned and sku not in scores]
    return [*found, *(Suggestion(sku, 0.0, Reason.POPULAR) for sku in others[: limit - len(found)])]


def preferring(found: Sequence[Suggestion], preferred: frozenset[str]) -> Sequence[Suggestion]:
    """Let items lead that somebody is known to prefer, in the order they had among themselves."""
    marked = [one._replace(reason=Reason.PREFERRED) for one in found if one.sku in preferred]
    return [*marked, *(one for one in found if one.sku not in preferred)]
