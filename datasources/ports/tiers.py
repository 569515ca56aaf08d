"""What we ask of whoever owns tiers, ourselves or a CRM, and of the book of what was granted and used."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.tiers import Grant, Standing


@dataclass(frozen=True, slots=True)
class Use:
    """An entitlement that was used, where, and who of the staff says so."""

    id: str
    member_id: str
    code: str
    used_at: datetime
    location_id: str | None
    used_by: str


class TierSource(Protocol):
    """Where members stand on the merchant's ladder: computed from their orders, or as a CRM says."""

    async def standings(self, member_ids: Sequence[str], *, at: datetime) -> Sequence[Standing]:
        """Where each of these members stands, in the order asked; who never bought stands on the lowest rung."""
        ...


class EntitlementSource(Protocol):
    """What was used of late, as it is committed."""

    async def used(
        self, member_ids: Collection[str], *, since: datetime
    ) -> Mapping[str, Sequence[tuple[str, datetime]]]:
        """Which entitlements each member has used after a moment, and when."""
        ...


class TierBook(Protocol):
    """Grants and uses inside a unit of work; whoever writes has locked the member."""

    async def used(self, member_id: str, code: str, *, since: datetime) -> Sequence[datetime]:
        """When a member used an entitlement after a moment."""
        ...

    async def write_use(self, use: Use) -> None:
        """Keep a use."""
        ...

    async def write_grant(self, id: str, member_id: str, grant: Grant, *, source: str) -> None:
        """Keep a grant under an id; one that is there already is written over."""
        ...

    async def owned(self, member_id: str) -> Mapping[str, Sequence[str]]:
        """The ids of a member's grants and uses."""
        ...

    async def give(self, ids: Mapping[str, Sequence[str]], *, to: str) -> None:
        """Make these grants and uses another member's."""
        ...

    async def forget(self, member_id: str) -> None:
        """Delete a member's grants and uses."""
        ...
