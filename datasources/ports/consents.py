"""What we ask of whoever keeps consents."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from domain.consents import Consent


class ConsentSource(Protocol):
    """What members said, last."""

    async def consents(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Consent]]:
        """The last word per purpose and channel, by member; a member who said nothing is not in it."""
        ...


class ConsentBook(ConsentSource, Protocol):
    """Consents inside a unit of work."""

    async def write(self, said: Mapping[str, Collection[Consent]]) -> None:
        """Keep these as each member's last word."""
        ...
