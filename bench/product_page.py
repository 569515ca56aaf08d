"""The product page: 24 products with variants, prices and stock in 3 stores, from our graph and from a hand-written
endpoint that reads the same tables, each by one worker over HTTP.
"""

import asyncio
import contextlib
import statistics
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import orjson

import settings
import web.tokens
from bench import load, processes, seed
from bench.load import Request
from bench.report import Report

NAME = "product-page"
FIRST, STORES = 24, ("SH001", "SH002", "BJ001")
ROUNDS, COUNT, WARM_UP = 5, 240, 48
QUERY = """
query ProductPage($first: Int!, $stores: [ID!]!) {
  products(first: $first) {
    nodes {
      id
      title
      variants {
        sku
        optionValues { name value }
        price { price { amount currencyCode } }
        availability(storeIds: $stores) { location { id } signal isStale }
      }
    }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests per second of both sides in every round, and how big the page was."""

    graph: tuple[float, ...]
    hand: tuple[float, ...]
    bytes: int
    variants: int

    @property
    def ratio(self) -> float:
        """Our throughput as a share of the hand-written one's: the median over the rounds."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.graph, self.hand, strict=True))


def run() -> Report:
    """Measure on SQLite, and on PostgreSQL where there is one."""
    found: dict[str, Measured] = {}
    remarks = []
    with seed.sqlite() as url:
        found["sqlite"] = asyncio.run(_measure(url))
    with seed.postgres() as server:
        if server is None:
            remarks.append("PostgreSQL is neither running nor to be started here: left out.")
        else:
            found["postgres"] = asyncio.run(_measure(server))
    figures: dict[str, float] = {}
    for database, measured in found.items():
        figures[f"{database}_vs_hand"] = measured.ratio
        figures[f"{database}_rps"] = statistics.median(measured.graph)
        figures[f"{database}_hand_rps"] = statistics.median(measured.hand)
    rows = [_row(database, measured) for database, measured in found.items()]
    return Report(NAME, figures, ("database", "variants", "kB", "graph req/s", "hand req/s", "ratio"), rows, remarks)


async def _measure(database_url: str) -> Measured:
    await seed.seed(database_url)
    async with _graph(database_url) as graph, _hand(database_url) as hand:
        page = await _same_page(graph, hand)
        for side in (graph, hand):
            await load.requests_per_second(side, count=WARM_UP)
        rounds = [
            (await load.requests_per_second(graph, count=COUNT), await load.requests_per_second(hand, count=COUNT))
            for _ in range(ROUNDS)
        ]
    ours, theirs = zip(*rounds, strict=True)
    return Measured(ours, theirs, len(page), page.count(b'"sku"'))


async def _same_page(graph: Request, hand: Request) -> bytes:
    """Ask both sides once; a faster answer that is another answer would be worth nothing."""
    ours, theirs = await load.answer(graph), await load.answer(hand)
    assert orjson.dumps(orjson.loads(ours)) == orjson.dumps(orjson.loads(theirs)), "the two pages differ"
    assert orjson.loads(ours)["data"]["products"]["nodes"][FIRST - 1]["variants"]
    return ours


@contextlib.asynccontextmanager
async def _graph(database_url: str) -> AsyncIterator[Request]:
    body = orjson.dumps({"query": QUERY, "variables": {"first": FIRST, "stores": STORES}})
    with TemporaryDirectory(prefix="ucg-bench-") as directory:
        keys, port = Path(directory) / "keys.json", processes.free_port()
        web.tokens.make_keys(keys)
        chosen = {"DATABASE_URL": database_url, "PORT": str(port), "JWKS_FILE": str(keys), "LOG_LEVEL": "warning"}
        async with processes.serving("server.py", "serve", port=port, environment=_environment(chosen)):
            yield Request(port, "POST", "/graphql", body)


@contextlib.asynccontextmanager
async def _hand(database_url: str) -> AsyncIterator[Request]:
    port, chosen = processes.free_port(), settings.load()
    rules = ("--low-threshold", str(chosen.low_stock_threshold), "--budget-s", str(chosen.stale_after_s))
    command = ("-m", "bench.hand", "--database", database_url, "--port", str(port), *rules)
    async with processes.serving(*command, port=port, environment={}):
        yield Request(port, "GET", "/page?" + urlencode([("first", FIRST), *(("store", store) for store in STORES)]))


def _environment(chosen: Mapping[str, str]) -> dict[str, str]:
    return {f"{settings.PREFIX}{name}": value for name, value in chosen.items()}


def _row(database: str, measured: Measured) -> tuple[str, ...]:
    ours, theirs = statistics.median(measured.graph), statistics.median(measured.hand)
    size = f"{measured.bytes / 1000:.1f}"
    return (database, str(measured.variants), size, f"{ours:.1f}", f"{theirs:.1f}", f"{measured.ratio:.2f}")
