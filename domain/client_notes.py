"""Client notes: what an associate writes down about a member, for whoever serves them next."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ClientNote:
    """A remark in somebody's own words. It is personal: it goes when the member is forgotten."""

    id: str
    member_id: str
    author_id: str
    at: datetime
    text: str
