"""Trade: a clock that asks what sells and arrives, and takes it into the book, so that a demo lives."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from datasources.ports.errors import SourceError
from datasources.ports.stock import StockSource
from datasources.ports.work import Workplace
from domain.movements import Adjustment
from domain.stock import Key, StockLevel
from resolvers import stock_book

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Market:
    """What is traded: which skus are asked for next, where, and what happens to their levels; all of it invented."""

    source: str
    tick_s: float
    location_ids: Collection[str]
    skus: Callable[[], Collection[str]]
    moves: Callable[[datetime, Mapping[Key, StockLevel]], Sequence[Adjustment]]


async def run(market: Market, stock: StockSource, workplace: Workplace, clock: Callable[[], datetime]) -> None:
    """Trade until cancelled; a store that is away is waited for."""
    while True:
        await asyncio.sleep(market.tick_s)
        try:
            await _tick(market, stock, workplace, clock())
        except SourceError as failure:
            log.warning("trade.waiting", source=failure.source, reason=str(failure))


async def _tick(market: Market, stock: StockSource, workplace: Workplace, now: datetime) -> None:
    levels = await stock.levels(market.skus(), market.location_ids)
    moves = market.moves(now, levels)
    async with workplace.work() as work:
        await stock_book.record(work, moves, source=market.source, now=now)
