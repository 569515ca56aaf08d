"""Behaviour: what a member looked at, searched for and tried on.

Kept only while they let us (purpose PROFILING, MEM-7), and never longer than `KEPT` nor more of it than `MOST`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

KEPT = timedelta(days=180)
MOST = 500
"""Events of one member; of more, the oldest go."""


class BehaviourKind(Enum):
    """What somebody did."""

    BROWSE = "BROWSE"
    SEARCH = "SEARCH"
    TRY_ON = "TRY_ON"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Something a member did; `source` and `event_id` together name it once.

    A product belongs to BROWSE and TRY_ON, a sku and sizes to the latter, a text to SEARCH.
    """

    source: str
    event_id: str
    member_id: str
    kind: BehaviourKind
    occurred_at: datetime
    product_id: str | None = None
    sku: str | None = None
    sizes: tuple[str, ...] = ()
    text: str = ""
    location_id: str | None = None

    @property
    def name(self) -> tuple[str, str]:
        """What is told twice under the same name happened once."""
        return self.source, self.event_id
