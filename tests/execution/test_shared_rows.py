"""Shared rows: an object that stands in many places is read once where it alone decides, and nobody can tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import strawberry
import structlog.testing
from hypothesis import given
from hypothesis import strategies as st

from execution.run import Level
from schema.base import batch, derived, plain, view
from schema.executing import EngineSchema
from tests.execution.compare import assert_same

pytestmark = pytest.mark.anyio

SOUND, NEVER, RAISES, LATE = 7, 5, 3, 2
"""Numbers from the first on are sound; one is null where it must not be, one raises, one of them only below."""


@dataclass(frozen=True, slots=True)
class Piece:
    number: int

    @property
    def half(self) -> "Piece | None":
        return Piece(self.number // 2) if self.number else None

    @property
    async def soon(self) -> int:
        return self.number


def fragile(piece: Piece) -> int | None:
    if piece.number == RAISES:
        raise ValueError("this one is broken")
    return None if piece.number == NEVER else piece.number


async def doubled(ctx: Any, pieces: Sequence[Piece]) -> Sequence[int]:
    ctx.asked.append(len(pieces))
    return [2 * piece.number for piece in pieces]


@view(Piece, description="A piece.")
class PieceType:
    number: int = plain("Which.")
    half: "PieceType | None" = plain("Half of it, rounded down.")
    must: int = derived(fragile, description="Must be there.")
    may: int | None = derived(fragile, description="May be there.")
    soon: int = plain("Comes later.")
    doubled: int = batch(doubled, description="Asks a resolver.")


async def pieces(ctx: Any, roots: Sequence[None]) -> Sequence[Any]:
    return [ctx.rows for _ in roots]


@strawberry.type
class Query:
    rows: list[list[PieceType | None]] = batch(pieces, description="Rows of pieces.")
    sure: list[list[PieceType]] | None = batch(pieces, description="The same; all must be there.")


class Oracle(strawberry.Schema):
    """Strawberry's schema, which does not print its errors."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        pass


class Shop:
    """A context: what there is, and how many objects a resolver was asked for."""

    def __init__(self, rows: Sequence[Sequence[Piece]]) -> None:
        self.rows = rows
        self.asked: list[int] = []
        self.loaders: dict[Any, Any] = {}
        self.request_id = ""


ORACLE = Oracle(Query)
HEARD: list[Level] = []
ENGINE = EngineSchema(Query, hook=HEARD.append)
POOL = [Piece(number) for number in range(12)]
ROWS = st.lists(st.lists(st.sampled_from(POOL), max_size=6), max_size=8)
FIELDS = st.lists(
    st.sampled_from(["number", "must", "may", "soon", "half { number must }", "half { may half { number } }"]),
    min_size=1,
    unique=True,
)


@given(ROWS, FIELDS, st.sampled_from(["rows", "sure"]))
async def test_nobody_can_tell_a_shared_row_from_one_of_its_own(
    rows: list[list[Piece]], fields: list[str], root: str
) -> None:
    query = f"{{ {root} {{ {' '.join(fields)} }} }}".replace("half { number must }", "a: half { number must }")
    with structlog.testing.capture_logs():
        ours, theirs = [await schema.execute(query, context_value=Shop(rows)) for schema in (ENGINE, ORACLE)]
    assert_same(ours, theirs)


async def test_what_repeats_is_read_once_and_stands_everywhere() -> None:
    HEARD.clear()
    answer = await ENGINE.execute("{ rows { number half { number } } }", context_value=Shop([POOL[7:9]] * 50))
    assert answer.data == {"rows": [[{"number": n, "half": {"number": n // 2}} for n in (7, 8)]] * 50}
    assert {level.name: level.objects for level in HEARD} == {
        "Query.rows": 1,
        "PieceType.number": 2,
        "PieceType.half": 2,
    }


async def test_a_fault_in_what_repeats_is_told_of_every_place() -> None:
    with structlog.testing.capture_logs():
        answer = await ENGINE.execute("{ rows { may } }", context_value=Shop([[POOL[RAISES], POOL[SOUND]]] * 3))
    assert answer.data == {"rows": [[{"may": None}, {"may": SOUND}]] * 3}
    assert [error.path for error in answer.errors or []] == [["rows", n, 0, "may"] for n in range(3)]


async def test_a_resolver_is_asked_for_every_place() -> None:
    shop = Shop([POOL[7:9]] * 50)
    await ENGINE.execute("{ rows { number doubled } }", context_value=shop)
    assert shop.asked == [100]
