"""What we ask of whoever recommends: what fits somebody's taste, and to learn from the orders."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from domain.recommendations import Suggestion


class Taste(NamedTuple):
    """What somebody bought: distinct skus, the latest first."""

    bought: Sequence[str]


class Recommender(Protocol):
    """Suggests items; whether they are on sale, and where, is not its concern."""

    async def suggestions(self, tastes: Sequence[Taste], *, limit: int) -> Sequence[Sequence[Suggestion]]:
        """At most so many items for each taste, in the order asked, the best first, none that were bought."""
        ...


class Pupil(Protocol):
    """A recommender that learns from our own orders."""

    async def learn(self, *, baskets: int) -> int:
        """Look at the latest orders, so many; return of how many items something else is known now."""
        ...
