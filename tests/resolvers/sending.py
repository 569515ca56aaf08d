"""Stores that send each other jackets: the steps of a transfer, and what the books of both ends show of it."""

from dataclasses import replace

import pytest

import domain.stock
import resolvers.transfers
from datasources.store.store import Store
from domain.locations import LocationStatus
from domain.refusals.base import Path
from domain.stock import StockLevel
from domain.transfers import Transfer, TransferState
from domain.viewers import Viewer
from resolvers.context import Context
from resolvers.transfers import Answer, Ask, Go, Units
from tests.builders import ASSOCIATE, INTEGRATOR, NOW, count, entry, minutes, shop
from tests.worlds import asked, fill, tell

L, M = "DJ01-L", "DJ01-M"
FROM, TO = "SH001", "SH002"
AT_TRANSFER: Path = ("input", "transfer")
SENDER, RECEIVER = ASSOCIATE, replace(ASSOCIATE, id="a-2", location_id="SH002")
APPROVED, PICKED, SHIPPED = TransferState.APPROVED, TransferState.PICKED, TransferState.IN_TRANSIT
RECEIVED, CLOSED = TransferState.RECEIVED, TransferState.CLOSED


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    """An integrator; five large jackets and two medium ones at the sender, counted an hour ago, and a closed store."""
    closed = shop("SH004", status=LocationStatus.CLOSED)
    stores = [shop("SH001"), shop("SH002"), shop("SH003"), closed]
    await fill(migrated_database_url, [entry("DJ01", sizes=("L", "M")), *stores])
    await tell(store, count(5, at=NOW - minutes(60)), count(2, sku=M, at=NOW - minutes(60)))
    return asked(store, viewer=INTEGRATOR)


async def create(ctx: Context, *lines: Units, key: str = "create", as_draft: bool = False) -> Transfer:
    """A transfer that was just made."""
    wish = Ask(FROM, TO, lines or (Units(L, 3), Units(M, 1)), key, as_draft=as_draft)
    answer = await resolvers.transfers.create(ctx, wish)
    assert answer.transfer, answer.user_errors
    return answer.transfer


async def go(ctx: Context, transfer: Transfer, to: TransferState, *lines: Units, key: str = "") -> Answer:
    """Try a step."""
    command = Go(to, transfer.id, key or f"{transfer.id}:{to.value}", lines or None)
    return await resolvers.transfers.go(ctx, command)


async def gone(ctx: Context, transfer: Transfer, *steps: TransferState) -> Transfer:
    """A transfer after these steps."""
    for to in steps:
        answer = await go(ctx, transfer, to)
        assert answer.transfer, answer.user_errors
        transfer = answer.transfer
    return transfer


async def level(ctx: Context, place: str, sku: str = L) -> StockLevel:
    """What the book says."""
    return (await ctx.sources.workplace.stock.levels([sku], [place]))[sku, place]


async def shown(ctx: Context, place: str, sku: str = L) -> tuple[int, int, int, int]:
    """On hand, held, in transit out and in."""
    found = await level(ctx, place, sku)
    return found.on_hand, domain.stock.held(found, ctx.clock()), found.in_transit_out, found.in_transit_in


def numbers(transfer: Transfer | None) -> list[tuple[int, int, int, int, int]]:
    """Requested, picked, shipped, received and lost of every line."""
    assert transfer
    return [(line.requested, line.picked, line.shipped, line.received, line.lost) for line in transfer.lines]


def visit_as(ctx: Context, viewer: Viewer) -> Context:
    """The same for somebody else."""
    return replace(ctx, viewer=viewer)
