"""Events: facts that were committed, told in the past tense to whoever listens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from domain.accounts import Account
from domain.stock import StockLevel, pack, unpack


class Topic(Enum):
    """What an event is about."""

    STOCK_CHANGED = "stock.changed"
    CATALOG_CHANGED = "catalog.changed"
    LOCATION_CHANGED = "location.changed"
    CATEGORY_CHANGED = "category.changed"
    PRICE_LIST_CHANGED = "price_list.changed"
    TASKS_CHANGED = "tasks.changed"
    MEMBER_CHANGED = "member.changed"
    MEMBER_IN_STORE = "member.in_store"
    POINTS_CHANGED = "points.changed"
    SESSION_ENDED = "session.ended"


@dataclass(frozen=True, slots=True)
class Event:
    """A committed fact. `version` rises per key; `position` is gap-free over all events once a relay has given it."""

    topic: Topic
    key: str
    version: int
    payload: Mapping[str, Any] = field(hash=False)
    occurred_at: datetime
    position: int = 0


def stock_key(sku: str, location_id: str) -> str:
    """Name a stock level as events do; an @ in a sku is escaped, so that no two levels share a name."""
    return f"{sku.replace('%', '%25').replace('@', '%40')}@{location_id}"


def stock_changed(level: StockLevel) -> Event:
    """Tell that a level changed; the payload is the whole level, so that the latest event alone is enough."""
    return Event(
        topic=Topic.STOCK_CHANGED,
        key=stock_key(*level.key),
        version=level.version,
        payload=pack(level),
        occurred_at=level.as_of,
    )


@lru_cache(maxsize=256)
def level_of(event: Event) -> StockLevel:
    """Read the level back from a `STOCK_CHANGED` event; thousands may hear of the same one, and it is read once."""
    return unpack({**event.payload, "version": event.version})


def product_changed(id: str, at: datetime) -> Event:
    """Tell that what a product's page shows of the catalogue changed; who wants to know what, asks again."""
    return _touched(Topic.CATALOG_CHANGED, id, at)


def location_changed(id: str, at: datetime) -> Event:
    """Tell that a location opened, moved, or can do something else now."""
    return _touched(Topic.LOCATION_CHANGED, id, at)


def category_changed(id: str, at: datetime) -> Event:
    """Tell that a category is called otherwise, or hangs elsewhere in the tree."""
    return _touched(Topic.CATEGORY_CHANGED, id, at)


def price_list_changed(id: str, at: datetime) -> Event:
    """Tell that a price list holds for others, at other times or with another rank; its prices are as they were."""
    return _touched(Topic.PRICE_LIST_CHANGED, id, at)


def tasks_changed(location_id: str, at: datetime) -> Event:
    """Tell that there is something to do at a location, or no more."""
    return _touched(Topic.TASKS_CHANGED, location_id, at)


def member_changed(id: str, at: datetime) -> Event:
    """Tell that what is known of a member changed; who wants to know what, asks again."""
    return _touched(Topic.MEMBER_CHANGED, id, at)


def member_in_store(location_id: str, at: datetime) -> Event:
    """Tell that somebody came into a store; who wants to know who, asks for the latest visits."""
    return _touched(Topic.MEMBER_IN_STORE, location_id, at)


def points_key(member_id: str, programme: str) -> str:
    """Name an account as events do."""
    return f"{programme}@{member_id}"


def points_changed(key: tuple[str, str], account: Account, *, version: int, at: datetime) -> Event:
    """Tell that something was written of an account; what, stands in the ledger under its version."""
    holds = {"pending": account.pending, "active": account.active, "frozen": account.frozen, "debt": account.debt}
    return Event(Topic.POINTS_CHANGED, key=points_key(*key), version=version, payload=holds, occurred_at=at)


def session_ended(id: str, at: datetime) -> Event:
    """Tell that the tokens of a session hold no longer."""
    return _touched(Topic.SESSION_ENDED, id, at)


def _touched(topic: Topic, id: str, at: datetime) -> Event:
    """An event without a version of its own: our clock's microseconds rise per key."""
    return Event(topic, key=id, version=int(at.timestamp() * 1_000_000), payload={"id": id}, occurred_at=at)
