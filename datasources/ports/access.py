"""What we ask of whoever writes down who looked at whom."""

from collections.abc import Sequence
from typing import Protocol

from domain.access import Access


class AccessLog(Protocol):
    """A log that is only added to."""

    async def record(self, looks: Sequence[Access]) -> None:
        """Write looks down; once this returns they are kept."""
        ...
