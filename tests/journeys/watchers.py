"""Watchers of stock: each holds a socket to one server, keeps what it was told last, and can go on at another."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed

from domain.stock import Key
from tests.journeys.house import Door

WATCH = """subscription ($skus: [String!]!, $stores: [ID!]!, $after: String) {
  availabilityChanged(skus: $skus, locations: $stores, after: $after) {
    isSnapshot cursor offers { sku location { code } quantity version }
  }
}"""


@dataclass(slots=True)
class Watcher:
    """One who watches every sku at every place of these, as staff do: by numbers."""

    goods: Sequence[Key]
    authorization: str
    versions: dict[Key, int] = field(default_factory=dict)
    quantities: dict[Key, int] = field(default_factory=dict)
    firsts: list[Mapping[Key, int] | None] = field(default_factory=list)
    """What each socket told at first, the versions; None for a snapshot."""
    snapshots: int = 0
    cursor: str | None = None

    async def watch(self, door: Door) -> None:
        """Listen at this server from where the last one ended, until the socket breaks."""
        named = {"skus": sorted({sku for sku, _ in self.goods}), "stores": sorted({place for _, place in self.goods})}
        is_first = True
        with suppress(ConnectionClosed):
            async with door.watching(WATCH, authorization=self.authorization, after=self.cursor, **named) as updates:
                async for told in updates:
                    self._hear(told["availabilityChanged"], is_first=is_first)
                    is_first = False

    def _hear(self, update: Any, *, is_first: bool) -> None:
        reported = [offer for offer in update["offers"] if offer["version"]]
        told = {(offer["sku"], offer["location"]["code"]): offer for offer in reported}
        versions = {key: offer["version"] for key, offer in told.items()}
        looks_anew = update["isSnapshot"] or is_first
        for key, version in versions.items():
            known = self.versions.get(key, 0)
            assert version > known or (looks_anew and version == known), (key, known, version)
        self.versions |= versions
        self.quantities |= {key: offer["quantity"] for key, offer in told.items()}
        self.cursor = update["cursor"]
        self.snapshots += update["isSnapshot"]
        if is_first:
            self.firsts.append(None if update["isSnapshot"] else versions)
