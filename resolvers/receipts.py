"""Receipts: what became of each item of a command, kept with its idempotency key and read back word for word."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import orjson

import domain.stock
from domain.refusals.base import KINDS, Refusal
from domain.statuses import Status
from domain.stock import StockLevel


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one item; `index` counts the input's items from 0."""

    index: int
    status: Status
    level: StockLevel | None = None
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of all items, in the order of the input; `refusals` are those of the whole command."""

    results: Sequence[ItemResult] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def user_errors(self) -> Sequence[Refusal]:
        """Every refusal, of the command and of its items."""
        return (*self.refusals, *(refusal for result in self.results for refusal in result.refusals))


def request_hash(request: Any) -> str:
    """Tell two requests apart: equal for equal content."""
    return hashlib.sha256(orjson.dumps(request, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()


def dump(receipt: Receipt) -> str:
    """Write a receipt down."""
    written = [
        {
            "index": result.index,
            "status": result.status.value,
            "level": domain.stock.pack(result.level) if result.level else None,
            "refusals": [{"kind": type(refusal).__name__, "facts": asdict(refusal)} for refusal in result.refusals],
        }
        for result in receipt.results
    ]
    return orjson.dumps(written).decode()


def load(text: str) -> Receipt:
    """Read a receipt back."""
    return Receipt([_result(written) for written in orjson.loads(text)])


def _result(written: dict[str, Any]) -> ItemResult:
    level = domain.stock.unpack(written["level"]) if written["level"] else None
    refusals = tuple(_refusal(refusal) for refusal in written["refusals"])
    return ItemResult(written["index"], Status(written["status"]), level, refusals)


def _refusal(written: dict[str, Any]) -> Refusal:
    kind, facts = KINDS[written["kind"]], written["facts"]
    tuples = {name: tuple(value) for name, value in facts.items() if isinstance(value, list)}
    return kind(**_dated(kind, facts) | tuples)


def _dated(kind: type[Any], written: dict[str, Any]) -> dict[str, Any]:
    """Give the instants of a dataclass back, which JSON knows as texts only."""
    instants = {field.name for field in fields(kind) if field.type in (datetime, datetime | None)}
    return {
        name: datetime.fromisoformat(value) if name in instants and value is not None else value
        for name, value in written.items()
    }
