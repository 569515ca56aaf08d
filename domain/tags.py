"""Tags (标签): what is known or taken to be so of a member, in three dimensions and as deep as its path.

Of each path the newest word counts, whoever says it, so that words may arrive in any order. Removing is a word as
well: one that ends as it is said. What a rule derives never speaks over what a person has said of the same path.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

CERTAIN_BP = 10_000
MAX_DEPTH = 6
PREFERENCES = 3
LEAST_SHARE_BP = 1_000
KEPT = timedelta(days=365)


class Dimension(Enum):
    """What a tag is about."""

    BASIC = "BASIC"
    CONSUMPTION = "CONSUMPTION"
    SOCIAL = "SOCIAL"


class TagSource(Enum):
    """Who says so."""

    RULE = "RULE"
    MODEL = "MODEL"
    IMPORT = "IMPORT"
    MANUAL = "MANUAL"


_RANK = {source: rank for rank, source in enumerate(TagSource)}
"""Of two words of one moment that of the later source counts."""

Key = tuple[Dimension, str]


@dataclass(frozen=True, slots=True)
class Tag:
    """A word on a member: `path` from the general to the particular, such as category/denim/slim."""

    dimension: Dimension
    path: str
    source: TagSource
    set_at: datetime
    value: str = ""
    confidence_bp: int = CERTAIN_BP
    expires_at: datetime | None = None

    @property
    def key(self) -> Key:
        """What it is a word on: of each, one is kept."""
        return self.dimension, self.path

    def holds(self, at: datetime) -> bool:
        """Say whether it still counts."""
        return self.expires_at is None or at < self.expires_at

    def ended(self, at: datetime) -> "Tag":
        """The same, taken back by a person; never before it was said, whatever the clock of who said it."""
        last = max(at, self.set_at)
        return replace(self, source=TagSource.MANUAL, set_at=last, expires_at=last)


@dataclass(frozen=True, slots=True)
class Purchase:
    """Something bought: the path of its shelf, its worth, and when."""

    path: str
    amount_minor: int
    at: datetime


def pack(tag: Tag) -> dict[str, Any]:
    """Write a tag down as JSON has it."""
    return {
        "dimension": tag.dimension.value,
        "path": tag.path,
        "source": tag.source.value,
        "set_at": tag.set_at.isoformat(),
        "value": tag.value,
        "confidence_bp": tag.confidence_bp,
        "expires_at": tag.expires_at.isoformat() if tag.expires_at else None,
    }


def unpack(written: Mapping[str, Any]) -> Tag:
    """Read a tag back."""
    expires_at = written["expires_at"]
    return Tag(
        dimension=Dimension(written["dimension"]),
        path=written["path"],
        source=TagSource(written["source"]),
        set_at=datetime.fromisoformat(written["set_at"]),
        value=written["value"],
        confidence_bp=written["confidence_bp"],
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
    )


def normal(path: str) -> str:
    """Write a path as it is kept: no empty steps, no blanks around them, small letters."""
    steps = (" ".join(step.split()).lower() for step in path.split("/"))
    return "/".join(step for step in steps if step)


def newest(tags: Iterable[Tag]) -> Sequence[Tag]:
    """Keep the newest word on each path; the same whatever order they come in."""
    found: dict[Key, Tag] = {}
    for tag in tags:
        if tag.key not in found or _age(found[tag.key]) < _age(tag):
            found[tag.key] = tag
    return [found[key] for key in sorted(found, key=lambda key: (key[0].value, key[1]))]


def shown(tags: Iterable[Tag], at: datetime) -> Sequence[Tag]:
    """What is to be seen of tags at a moment: the newest word on each path, where it still counts."""
    return [tag for tag in newest(tags) if tag.holds(at)]


def preferences(bought: Iterable[Purchase], at: datetime) -> Sequence[Tag]:
    """Derive what shelves somebody prefers: the few that hold most of what they paid for lately, by their share."""
    worth: defaultdict[str, int] = defaultdict(int)
    last: dict[str, datetime] = {}
    for one in bought:
        if at - KEPT < one.at <= at and one.amount_minor > 0:
            worth[one.path] += one.amount_minor
            last[one.path] = max(last.get(one.path, one.at), one.at)
    total = sum(worth.values())
    shares = {path: CERTAIN_BP * amount // total for path, amount in worth.items()}
    most = sorted(shares, key=lambda path: (-worth[path], path))[:PREFERENCES]
    return [
        Tag(
            dimension=Dimension.CONSUMPTION,
            path=f"category/{path}",
            source=TagSource.RULE,
            set_at=at,
            confidence_bp=shares[path],
            expires_at=last[path] + KEPT,
        )
        for path in most
        if shares[path] >= LEAST_SHARE_BP
    ]


def refreshed(stored: Iterable[Tag], derived: Iterable[Tag], at: datetime) -> Sequence[Tag]:
    """What is to be written so that what rules say is what they say now; nothing where it is so already.

    Words of persons, models and imports are left alone, and so is what differs by its moment only.
    """
    before = {tag.key: tag for tag in stored}
    now = {tag.key: tag for tag in derived}
    said = [tag for key, tag in now.items() if key not in before or _differs(before[key], tag, at)]
    ended = [
        replace(tag, set_at=at, expires_at=at)
        for key, tag in before.items()
        if tag.source is TagSource.RULE and key not in now and tag.holds(at)
    ]
    return newest([*said, *ended])


def _differs(before: Tag, after: Tag, at: datetime) -> bool:
    if before.source is not TagSource.RULE and (before.holds(at) or before.source is TagSource.MANUAL):
        return False
    return replace(before, set_at=after.set_at) != after


def _age(tag: Tag) -> tuple[datetime, bool, int, int, str, bool, datetime]:
    """A total order, so that the newest of any words is one and the same; what is taken back stays so."""
    is_taken_back, is_forever = tag.expires_at == tag.set_at, tag.expires_at is None
    ends_at = tag.expires_at or tag.set_at
    return tag.set_at, is_taken_back, _RANK[tag.source], tag.confidence_bp, tag.value, is_forever, ends_at
