"""Access: who of the staff looked at whom, and what they saw; written down before it is shown (CLI-1)."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from domain.viewers import Role


class AccessKind(Enum):
    """What somebody saw."""

    VIEW = "VIEW"
    UNMASK = "UNMASK"


@dataclass(frozen=True, slots=True)
class Access:
    """One look at one member; `fields` names what was shown unmasked."""

    kind: AccessKind
    member_id: str
    viewer_id: str
    role: Role
    at: datetime
    request_id: str
    fields: tuple[str, ...] = ()
