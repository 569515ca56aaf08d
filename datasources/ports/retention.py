"""What we ask of the store so that it does not grow for ever."""

from datetime import datetime
from typing import Protocol


class Retention(Protocol):
    """Where events, answers to idempotency keys and what is left of sign-ins are kept."""

    async def forget(self, *, events_before: datetime, answers_before: datetime, limit: int) -> int:
        """Delete events and answers recorded before, the oldest first, at most `limit` of each in one transaction.

        With the answers go sessions, one-time codes and vain tries that were over by then.

        An event that was not published stays, and so does everything after it. Return how many went of the kind of
        which more went: as long as it is `limit`, there is more.
        """
        ...
