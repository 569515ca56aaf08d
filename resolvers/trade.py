"""Trade: a clock that asks what sells and arrives, and takes it into the book, so that a demo lives."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from datasources.ports.stock import StockSource
from datasources.ports.work import Workplace
from domain.movements import Adjustment
from domain.stock import Key, StockLevel
from resolvers import loops, stock_book


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

    async def step() -> float:
        now = clock()
        moves = market.moves(now, await stock.levels(market.skus(), market.location_ids))
        async with workplace.work() as work:
            await stock_book.record(work, moves, source=market.source, now=now)
        return market.tick_s

    await loops.forever("trade", step)
