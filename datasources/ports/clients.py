"""What we ask of whoever knows which associates look after whom."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol


class ClientSource(Protocol):
    """Bindings and visits as they are committed."""

    async def seen_by(
        self, *, associate_id: str, location_id: str | None, member_ids: Collection[str], now: datetime
    ) -> frozenset[str]:
        """Those of these members that are bound to the associate now, or visited the location of late (CLI-1)."""
        ...
