"""Steps of transfers as tests take them, each by the rule that is its own."""

from datetime import datetime

import domain.transfers
from domain.transfers import Decision, Transfer, TransferState
from tests.builders import NOW

PATH = ("input", "transfer")


def decided(transfer: Transfer, to: TransferState, some: dict[str, int] | None, now: datetime = NOW) -> Decision:
    """What the rules make of a step."""
    if to is TransferState.PICKED:
        return domain.transfers.pick(transfer, some, path=PATH, now=now)
    if to is TransferState.IN_TRANSIT:
        return domain.transfers.ship(transfer, path=PATH, now=now)
    if to is TransferState.RECEIVED:
        return domain.transfers.receive(transfer, some, path=PATH, now=now)
    if to is TransferState.CLOSED:
        return domain.transfers.close(transfer, path=PATH, now=now)
    return domain.transfers.step(transfer, to, path=PATH, now=now)
