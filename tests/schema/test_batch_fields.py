"""How a field is bound to a batch resolver: one call per level, rights checked, mistakes masked and logged by name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
import strawberry
import structlog.testing

import schema.base
from datasources.ports.errors import Unavailable
from datasources.store.store import Store
from domain.catalog import MediaKind
from domain.viewers import GUEST, Scope, Viewer
from resolvers.context import Context
from schema.base import batch, plain, view
from schema.executing import EngineSchema
from tests.builders import ASSOCIATE, INTEGRATOR
from tests.worlds import asked

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True)
class Piece:
    """Something in a shop window."""

    number: int


CALLS: list[list[int]] = []


async def window(ctx: Context, roots: Sequence[None], *, size: int = 3) -> Sequence[Sequence[Piece]]:
    """What stands in the window."""
    return [[Piece(n) for n in range(size)]]


async def multiplied(ctx: Context, pieces: Sequence[Piece], *, by: int = 1) -> Sequence[object]:
    """Each number so many times; piece 1 is broken when times 13."""
    CALLS.append([piece.number for piece in pieces])
    return [ValueError("broken") if (piece.number, by) == (1, 13) else piece.number * by for piece in pieces]


async def short(ctx: Context, pieces: Sequence[Piece]) -> Sequence[int]:
    """One answer too few."""
    return [1] * (len(pieces) - 1)


async def away(ctx: Context, pieces: Sequence[Piece]) -> Sequence[int]:
    """A source that does not answer."""
    raise Unavailable("erp", "no answer")


@view(Piece, description="Something in a shop window.")
class PieceView:
    number: int = plain("Its number.")
    times: int | None = batch(multiplied, description="Its number, multiplied.", by="By what.")
    short: int | None = batch(short, description="Broken.")
    away: int | None = batch(away, description="Elsewhere.")
    secret: int | None = batch(multiplied, description="For staff.", by="By what.", scope=Scope.STOCK_WRITE)


@strawberry.type(description="What can be asked.")
class Query:
    window: list[PieceView] = batch(window, description="What stands in the window.", size="How many.")


SHOP = EngineSchema(query=Query)


async def answer(question: str, viewer: Viewer = GUEST) -> tuple[Any, dict[str, Any]]:
    """What the window shows, and each error's extensions by path."""
    ctx = replace(asked(Store("sqlite+aiosqlite:///nowhere.sqlite3"), viewer=viewer), request_id="r-1")
    CALLS.clear()
    done = await SHOP.execute(f"{{ window {{ {question} }} }}", context_value=ctx)
    errors = {".".join(map(str, error.path or [])): error.extensions or {} for error in done.errors or []}
    return done.data and done.data["window"], errors


async def test_one_field_of_many_objects_is_one_call() -> None:
    shown, errors = await answer("number times(by: 2)")
    assert shown == [{"number": n, "times": 2 * n} for n in range(3)]
    assert (errors, CALLS) == ({}, [[0, 1, 2]])


async def test_each_alias_costs_one_call_for_all_objects() -> None:
    shown, _ = await answer("a: times(by: 2) b: times(by: 2) c: times(by: 3)")
    assert shown[2] == {"a": 4, "b": 4, "c": 6}
    assert list(map(len, CALLS)) == [3, 3, 3]


async def test_an_error_of_one_object_leaves_the_others_alone() -> None:
    with structlog.testing.capture_logs():
        shown, errors = await answer("times(by: 13)")
    assert [piece["times"] for piece in shown] == [0, None, 26]
    assert {path: facts["code"] for path, facts in errors.items()} == {"window.1.times": "INTERNAL"}


async def test_a_resolver_of_wrong_length_is_masked_and_named_in_the_log() -> None:
    with structlog.testing.capture_logs() as logged:
        shown, errors = await answer("number short")
    assert [piece["number"] for piece in shown] == [0, 1, 2]
    assert {(facts["code"], facts["requestId"]) for facts in errors.values()} == {("INTERNAL", "r-1")}
    assert {line["incident_id"] for line in logged} == {facts["incidentId"] for facts in errors.values()}
    assert all("short returned 2 results for 3 objects" in str(line["exc_info"]) for line in logged)


async def test_a_source_that_is_away_costs_its_field_and_says_so_DSR_2() -> None:
    shown, errors = await answer("number away")
    assert shown == [{"number": n, "away": None} for n in range(3)]
    assert errors["window.0.away"] == {
        "requestId": "r-1",
        "code": "SOURCE_UNAVAILABLE",
        "source": "erp",
        "retryable": True,
    }


@pytest.mark.parametrize(("viewer", "code"), [(GUEST, "UNAUTHENTICATED"), (ASSOCIATE, "FORBIDDEN"), (INTEGRATOR, None)])
async def test_a_field_that_needs_a_right_is_refused_without_it(viewer: Viewer, code: str | None) -> None:
    shown, errors = await answer("number secret(by: 3)", viewer)
    assert {facts["code"] for facts in errors.values()} == ({code} if code else set())
    assert [piece["secret"] for piece in shown] == ([None] * 3 if code else [0, 3, 6])
    assert len(CALLS) == (0 if code else 1)


async def test_a_right_is_checked_even_beside_a_field_that_needs_none_and_asks_the_same() -> None:
    shown, errors = await answer("times(by: 3) secret(by: 3)")
    assert [(piece["times"], piece["secret"]) for piece in shown] == [(0, None), (3, None), (6, None)]
    assert {facts["code"] for facts in errors.values()} == {"UNAUTHENTICATED"}


def test_an_argument_or_a_value_that_nobody_described_is_refused_when_the_schema_is_built() -> None:
    with pytest.raises(TypeError, match=r"describe exactly the arguments of multiplied: by"):
        batch(multiplied, description="Undescribed.")
    with pytest.raises(TypeError, match=r"describe exactly the values of MediaKind"):
        schema.base.enum(MediaKind, "Kinds.", IMAGE="A picture.")
