"""Associates (导购): the people of a store who serve members there, and how they are known to WeCom."""

from dataclasses import dataclass
from enum import Enum


class AssociateRole(Enum):
    """What somebody does in a store."""

    GUIDE = "GUIDE"
    MANAGER = "MANAGER"


@dataclass(frozen=True, slots=True)
class Associate:
    """Somebody who works at a location; who has left is kept, for what they did stays theirs."""

    id: str
    name: str
    location_id: str
    wecom_user_id: str | None = None
    role: AssociateRole = AssociateRole.GUIDE
    is_active: bool = True
