"""What we ask of whoever keeps rewards and their redemptions: some to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from domain.rewards import Redemption, Reward


class RewardSource(Protocol):
    """Rewards as they are committed."""

    async def rewards(self) -> Sequence[Reward]:
        """All rewards, the cheapest first."""
        ...

    async def by_code(self, codes: Collection[str]) -> Mapping[str, Reward]:
        """Those that have these codes."""
        ...

    async def redemptions(self, ids: Sequence[str]) -> Sequence[Redemption | None]:
        """Redemptions by id, in the order asked; None where there is none."""
        ...

    async def of_members(self, member_ids: Collection[str], *, limit: int) -> Mapping[str, Sequence[Redemption]]:
        """The newest redemptions of each member, at most so many each."""
        ...


class RewardBook(Protocol):
    """Rewards inside a unit of work."""

    async def locked(self, code: str) -> Reward | None:
        """The reward of this code, if there is one; locked until the work ends."""
        ...

    async def write(self, reward: Reward) -> None:
        """Keep a reward as it stands now."""
        ...

    async def locked_redemption(self, code: str) -> Redemption | None:
        """The redemption of this code, if there is one; locked until the work ends."""
        ...

    async def write_redemption(self, redemption: Redemption) -> None:
        """Keep a redemption as it stands now."""
        ...

    async def give(self, *, owner: str, to: str, ids: Collection[str] | None = None) -> Collection[str]:
        """Make redemptions of a member another's, all or these; return their ids."""
        ...
