"""Visits: a member is in a store, and its people may see them for a while (CLI-1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.bindings import Binding

VISIBLE_FOR = timedelta(days=30)
"""How long after a visit the store's associates may see who came."""
LATELY = timedelta(hours=1)
"""Whoever came within it is taken to be in the store still."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A member was last seen at a location: somebody scanned their code or card there."""

    location_id: str
    member_id: str
    last_at: datetime


def may_see(
    *, associate_id: str, location_id: str, bindings: Iterable[Binding], visits: Iterable[Visit], now: datetime
) -> frozenset[str]:
    """The members who are the associate's own clients, or came to the associate's own store of late (CLI-1)."""
    own = {one.member_id for one in bindings if one.associate_id == associate_id and one.is_active_at(now)}
    came = {one.member_id for one in visits if one.location_id == location_id and now < one.last_at + VISIBLE_FOR}
    return frozenset(own | came)
