"""Viewers: who asks, and what that lets them do."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Role(Enum):
    """The five kinds of people who ask."""

    GUEST = "guest"
    MEMBER = "member"
    ASSOCIATE = "associate"
    INTEGRATOR = "integrator"
    ADMINISTRATOR = "administrator"


class Scope(Enum):
    """A right that a token carries."""

    STOCK_READ = "stock:read"
    STOCK_WRITE = "stock:write"
    STOCK_COUNT = "stock:count"
    RESERVATIONS_WRITE = "reservations:write"
    PROFILE = "profile:write"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    MEMBERS_MERGE = "members:merge"
    PERSONAL_DATA = "members:personal"
    POINTS_WRITE = "points:write"
    POINTS_REDEEM = "points:redeem"
    CLIENTS_WRITE = "clients:write"
    CLIENTS_ADMIN = "clients:admin"
    ANALYTICS_READ = "analytics:read"
    BEHAVIOUR_WRITE = "behaviour:write"
    SIGN_IN_MANAGE = "sign-in:manage"


SCOPES_OF_ROLE: dict[Role, frozenset[Scope]] = {
    Role.GUEST: frozenset(),
    Role.MEMBER: frozenset({Scope.RESERVATIONS_WRITE, Scope.PROFILE, Scope.POINTS_REDEEM, Scope.BEHAVIOUR_WRITE}),
    Role.ASSOCIATE: frozenset(
        {
            Scope.STOCK_READ,
            Scope.STOCK_COUNT,
            Scope.RESERVATIONS_WRITE,
            Scope.MEMBERS_READ,
            Scope.MEMBERS_WRITE,
            Scope.PERSONAL_DATA,
            Scope.POINTS_REDEEM,
            Scope.CLIENTS_WRITE,
            Scope.BEHAVIOUR_WRITE,
        }
    ),
    Role.INTEGRATOR: frozenset(Scope) - {Scope.PROFILE, Scope.SIGN_IN_MANAGE},
    Role.ADMINISTRATOR: frozenset(Scope) - {Scope.PROFILE},
}
"""What a role may hold at most; a token may carry less."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever stands behind a request. `id` names the client in idempotency keys and logs."""

    id: str
    role: Role
    scopes: frozenset[Scope] = frozenset()
    member_tier: str | None = None
    location_id: str | None = None
    expires_at: datetime | None = None
    session_id: str | None = None

    def may(self, scope: Scope) -> bool:
        """Say whether this viewer holds a scope."""
        return scope in self.scopes

    def acts_for(self, location_id: str) -> bool:
        """Say whether this viewer may act for a location: an associate for their own, if they have one."""
        return self.role is not Role.ASSOCIATE or self.location_id in (None, location_id)

    def has_expired(self, now: datetime) -> bool:
        """Say whether the word of whoever vouched for this viewer no longer holds."""
        return self.expires_at is not None and now >= self.expires_at


GUEST = Viewer(id="guest", role=Role.GUEST)


def viewer(
    *,
    subject: str,
    role: Role,
    scopes: frozenset[Scope] | None,
    expires_at: datetime | None = None,
    **facts: str | None,
) -> Viewer:
    """Build a viewer from what a token claims; scopes its role cannot hold fall away, no scopes claimed means all."""
    allowed = SCOPES_OF_ROLE[role]
    held = allowed if scopes is None else allowed & scopes
    return Viewer(
        id=subject,
        role=role,
        scopes=held,
        member_tier=facts.get("member_tier"),
        location_id=facts.get("location_id"),
        session_id=facts.get("session_id"),
        expires_at=expires_at,
    )
