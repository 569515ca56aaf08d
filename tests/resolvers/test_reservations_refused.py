"""Every way in which a wish to reserve, or a step, is told no; and nothing is written then (RSV-2)."""

from datetime import timedelta
from typing import Any

import pytest

import resolvers.ids
import resolvers.reservations
from domain.refusals.base import Refusal
from domain.refusals.general import EmptyField, QuantityNotPositive, TextTooLong, TooManyItems
from domain.refusals.locations import LocationCannot, UnknownLocation
from domain.refusals.reservations import ExtensionTooLong, KindNotOffered, UnknownReservation
from domain.refusals.stock import OutOfStock, UnknownSku
from domain.reservations import ReservationKind
from resolvers.context import Context
from tests.builders import NOW
from tests.resolvers.reserving import HERE, KEY, L2, LINE, L, M, act, kept, level, refusals, reserve, stored
from tests.resolvers.reserving import ctx as ctx

pytestmark = pytest.mark.anyio

STORE = ReservationKind.STORE_RESERVE
GROUP = ReservationKind.GROUP_BUY
A_MONTH = NOW + timedelta(days=31)


@pytest.mark.parametrize(
    ("lines", "said", "told"),
    [
        ([(("nope", "SH001"), 1)], {}, [UnknownSku((*LINE, "sku"), "nope")]),
        ([(("HIDDEN-L", "SH001"), 1)], {}, [UnknownSku((*LINE, "sku"), "HIDDEN-L")]),
        ([(("a\0", "SH001"), 1)], {}, [UnknownSku((*LINE, "sku"), "a\0")]),
        ([(("DJ01-L", "nowhere"), 1)], {}, [UnknownLocation((*LINE, "location"), "nowhere")]),
        ([(("DJ01-L", "SH003"), 1)], {}, [LocationCannot((*LINE, "location"), "SH003", "OPEN")]),
        ([(("DJ01-L", "SH004"), 1)], {"kind": STORE}, [LocationCannot((*LINE, "location"), "SH004", "OPEN")]),
        ([(L2, 1)], {"kind": STORE}, [LocationCannot((*LINE, "location"), "SH002", "RESERVE")]),
        ([(L, 1), (L2, 1)], {"kind": STORE}, [TooManyItems(("input", "lines"), 1, 2)]),
        ([(L, 0)], {}, [QuantityNotPositive((*LINE, "quantity"), 0)]),
        ([(L, -1)], {}, [QuantityNotPositive((*LINE, "quantity"), -1)]),
        ([(L, 1_000_001)], {}, [QuantityNotPositive((*LINE, "quantity"), 1_000_001)]),
        ([(L, 1)] * 101, {}, [TooManyItems(("input", "lines"), 100, 101)]),
        ([(L, 1)], {"key": " "}, [EmptyField(KEY)]),
        ([(L, 1)], {"key": "x" * 201}, [TextTooLong(KEY, 200, 201)]),
        ([(L, 1)], {"reference": "x" * 201}, [TextTooLong(("input", "reference"), 200, 201)]),
        ([(L, 1)], {"kind": ReservationKind.TRANSFER}, [KindNotOffered(("input", "kind"), "TRANSFER")]),
        ([(L, 1)], {"kind": GROUP}, [EmptyField(("input", "until"))]),
        ([(L, 1)], {"kind": GROUP, "until": NOW}, [ExtensionTooLong(("input", "until"), A_MONTH)]),
        (
            [(L, 1)],
            {"kind": GROUP, "until": A_MONTH + timedelta(seconds=1)},
            [ExtensionTooLong(("input", "until"), A_MONTH)],
        ),
        (
            [(("nope", "nowhere"), 1), (("DJ01-L", "SH003"), 1)],
            {},
            [
                UnknownSku((*LINE, "sku"), "nope"),
                UnknownLocation((*LINE, "location"), "nowhere"),
                LocationCannot(("input", "lines", 1, "location"), "SH003", "OPEN"),
            ],
        ),
        ([(L, 8), (M, 3)], {}, [
            OutOfStock(("input", "lines", 0), *L, 8, None),
            OutOfStock(("input", "lines", 1), *M, 3, 2),
        ]),
        ([(L, 1), (L, 1), (M, 2), (M, 1)], {}, [OutOfStock(("input", "lines", 2), *M, 3, 2)]),
        ([(("DJ01-M", "SH002"), 1)], {}, [OutOfStock(LINE, "DJ01-M", "SH002", 1, 0)]),
    ],
)  # fmt: skip
async def test_a_wish_that_cannot_be_met_is_refused_with_every_reason_and_leaves_no_trace_RSV_2(
    ctx: Context, lines: list[Any], said: dict[str, Any], told: list[Refusal]
) -> None:
    before = [await level(ctx), await level(ctx, M)]
    assert refusals(await reserve(ctx, *lines, **said)) == told
    assert [await level(ctx), await level(ctx, M)] == before
    if said.get("key", "k") == "k":
        await kept(ctx)  # the key is as good as new


async def test_what_is_just_allowed_is_not_refused(ctx: Context) -> None:
    many = await kept(ctx, *[(M, 1)] * 2, *[(L, 1)] * 6, key="k" * 200, reference="r" * 200)
    assert [line.quantity for line in many.lines] == [2, 6]
    assert refusals(await reserve(ctx, (L, 1_000_000), key="units")) == [OutOfStock(LINE, *L, 1_000_000, 1)]
    assert refusals(await reserve(ctx, *[(L, 1)] * 100, key="lines")) == [OutOfStock(LINE, *L, 100, 1)]
    await kept(ctx, (L, 1), (L2, 1), key="two stores")  # only what is kept in a store is of one store
    assert refusals(await reserve(ctx, key="group", kind=GROUP, until=A_MONTH)) == [OutOfStock(LINE, *L, 1, 0)]


async def test_no_lines_and_no_key_are_two_reasons(ctx: Context) -> None:
    wish = resolvers.reservations.Reserve(ReservationKind.CHECKOUT, [], "")
    answer = await resolvers.reservations.create(ctx, wish)
    assert refusals(answer) == [EmptyField(KEY), EmptyField(("input", "lines"))]


@pytest.mark.parametrize("step", ["confirm", "extend", "release", "fulfil"])
@pytest.mark.parametrize("id", ["nope", "", "\0", "é" * 300, resolvers.ids.encode("Location", "SH001")])
async def test_an_id_of_nothing_is_no_reservation(ctx: Context, step: str, id: str) -> None:
    assert refusals(await act(ctx, step, id, key="s")) == [UnknownReservation(HERE, id)]


@pytest.mark.parametrize("step", ["confirm", "extend", "release", "fulfil"])
async def test_a_step_needs_a_key_of_some_length(ctx: Context, step: str) -> None:
    made = await kept(ctx)
    assert refusals(await act(ctx, step, made, key=" ")) == [EmptyField(KEY)]
    assert refusals(await act(ctx, step, made, key="x" * 201)) == [TextTooLong(KEY, 200, 201)]
    assert await stored(ctx, made) == made
