"""The use case of goods that a store keeps for somebody and cannot find: they are given back, and to be counted."""

from dataclasses import dataclass

from domain.reservations import ReleaseReason
from domain.viewers import Scope
from resolvers import counting, reservations
from resolvers.context import Context
from resolvers.errors import NotAllowed
from resolvers.reservations import Act
from resolvers.rounds import Answer


@dataclass(frozen=True, slots=True)
class Release:
    """A reservation to be given back, and why."""

    reservation: str
    idempotency_key: str
    reason: ReleaseReason = ReleaseReason.CUSTOMER


async def release(ctx: Context, command: Release) -> Answer:
    """Give a reservation back. Goods that nobody found are a task for its store: their count is opened, once.

    The count is opened after the release: is the server killed between them, the command sent again opens it.

    Raises:
        NotAllowed: FORBIDDEN, whoever does not count goods cannot say that they are not there.
    """
    is_missing = command.reason is ReleaseReason.NOT_FOUND
    if is_missing and not ctx.viewer.may(Scope.STOCK_COUNT):
        raise NotAllowed("FORBIDDEN", f"Only who holds {Scope.STOCK_COUNT.value} can say that goods were not found.")
    act = Act(command.reservation, command.idempotency_key)
    answer = await reservations.release(ctx, act, reason=command.reason)
    if is_missing and answer.reservation is not None:
        await counting.open_for(ctx, answer.reservation)
    return answer
