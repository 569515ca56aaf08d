"""Use cases on reservations: keep units for somebody, keep them longer, confirm, hand over, give back."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import domain.opening
import domain.reservations
from domain.catalog import Variant
from domain.locations import Capability, Location, LocationStatus
from domain.refusals.base import Path, Refusal
from domain.refusals.general import EmptyField, QuantityNotPositive, TooManyItems
from domain.refusals.locations import LocationCannot, UnknownLocation
from domain.refusals.reservations import ExtensionTooLong, KindNotOffered, UnknownReservation
from domain.refusals.stock import OutOfStock, UnknownSku
from domain.reservations import (
    Decision,
    Levels,
    ReleaseReason,
    Reservation,
    ReservationKind,
    ReservationLine,
    ReservationState,
)
from domain.stock import slot_end
from domain.viewers import Role, Scope, Viewer
from resolvers import availability, catalog, counting, ids, inputs, receipts
from resolvers.claims import AT_KEY, Claim
from resolvers.context import Context
from resolvers.errors import NotAllowed
from resolvers.rounds import Answer, Create, Step

MAX_LINES = 100
MAX_QUANTITY = 1_000_000
MAX_WINDOW = timedelta(days=31)
"""How far ahead a group buy may end."""
AT_RESERVATION: Path = ("input", "reservation")


@dataclass(frozen=True, slots=True)
class Reserve:
    """Units to keep; `until` is the end of a group buy's window and means nothing to the other kinds."""

    kind: ReservationKind
    lines: Sequence[ReservationLine]
    idempotency_key: str
    reference: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Something to be done to a reservation."""

    reservation: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Release(Act):
    """A reservation to be given back, and why."""

    reason: ReleaseReason = ReleaseReason.CUSTOMER


async def create(ctx: Context, command: Reserve) -> Answer:
    """Keep every line, or none (RSV-2)."""
    lines = [
        ReservationLine(line.sku, ids.key_of("Location", line.location_id), line.quantity) for line in command.lines
    ]
    refused, places = await _wrong(ctx, command, lines)
    asked = receipts.request_hash(command)
    if refused:
        return await _made_before(ctx, command, asked) or Answer(user_errors=refused)
    now = ctx.clock()
    expires_at = slot_end(_ends_at(ctx, command, places, now))
    wanted = Reservation(
        id=secrets.token_hex(16),
        client=ctx.viewer.id,
        idempotency_key=command.idempotency_key,
        request_hash=asked,
        kind=command.kind,
        channel=ctx.channel,
        lines=domain.reservations.merged(lines),
        reference=command.reference,
        created_at=now,
        expires_at=expires_at,
        extendable_until=slot_end(expires_at + ctx.policies.reservation_extension),
    )
    answer = await ctx.sources.reserve.submit(Create(wanted, availability.sight(ctx)))
    if not answer.user_errors:
        return answer
    return replace(answer, user_errors=[_in_input(refusal, lines) for refusal in answer.user_errors])


async def confirm(ctx: Context, command: Act) -> Answer:
    """What is held becomes committed (RSV-5)."""
    return await _act(ctx, command, "confirm", partial(_deciding, domain.reservations.confirm))


async def release(ctx: Context, command: Release) -> Answer:
    """Everything is given back (RSV-3). Goods that nobody found are a task for the store: their count is opened, once.

    The count is opened after the release: is the server killed between them, the command sent again opens it.

    Raises:
        NotAllowed: FORBIDDEN, whoever does not count goods cannot say that they are not there.
    """
    is_missing = command.reason is ReleaseReason.NOT_FOUND
    if is_missing and not ctx.viewer.may(Scope.STOCK_COUNT):
        raise NotAllowed("FORBIDDEN", f"Only who holds {Scope.STOCK_COUNT.value} can say that goods were not found.")
    what = f"release {command.reason.value}"
    answer = await _act(ctx, command, what, partial(_deciding, domain.reservations.release))
    if is_missing and answer.reservation is not None:
        await counting.open_for(ctx, answer.reservation)
    return answer


async def fulfil(ctx: Context, command: Act) -> Answer:
    """The units are handed over and leave the book as sold."""
    return await _act(ctx, command, "fulfil", partial(_deciding, domain.reservations.fulfil))


async def extend(ctx: Context, command: Act) -> Answer:
    """Keep it for the usual time from now on, up to the limit it was made with (RSV-6)."""
    usual = ctx.policies.reservation_ttl

    def longer(reservation: Reservation, levels: Levels, now: datetime) -> Decision:
        until = slot_end(now + usual)
        return domain.reservations.extend(reservation, levels, until=until, path=AT_RESERVATION, now=now)

    return await _act(ctx, command, "extend", longer)


async def reservations_by_ids(ctx: Context, reservation_ids: Sequence[str]) -> Sequence[Reservation | None]:
    """Reservations by key, in the order asked; another's is as good as none."""
    found = await ctx.sources.reservations.reservations(reservation_ids)
    return [one if one is not None and _may_touch(ctx.viewer, one) else None for one in found]


async def reservation(ctx: Context, roots: Sequence[None], *, id: str) -> Sequence[Reservation | None]:
    """One reservation by its id."""
    return await reservations_by_ids(ctx, [ids.key_of("Reservation", id)])


async def state_of(ctx: Context, reservations: Sequence[Reservation]) -> Sequence[ReservationState]:
    """Where each stands, by the clock."""
    now = ctx.clock()
    return [reservation.state_at(now) for reservation in reservations]


async def next_of(ctx: Context, reservations: Sequence[Reservation]) -> Sequence[Sequence[ReservationState]]:
    """Where each can go from here."""
    return [domain.reservations.TRANSITIONS[state] for state in await state_of(ctx, reservations)]


Decide = Callable[[Reservation, Levels, datetime], Decision]


async def _act(ctx: Context, command: Act, what: str, decide: Decide) -> Answer:
    if refused := inputs.wrong_text(AT_KEY, command.idempotency_key):
        return Answer(user_errors=refused)
    (known,) = await reservations_by_ids(ctx, [ids.key_of("Reservation", command.reservation)])
    if known is None:
        return Answer(user_errors=(UnknownReservation(AT_RESERVATION, command.reservation),))
    if known.kind is ReservationKind.TRANSFER:
        return Answer(user_errors=(KindNotOffered(AT_RESERVATION, known.kind.value),))
    asked = receipts.request_hash({"what": what, "reservation": known.id})
    return await ctx.sources.reserve.submit(Step(known, decide, Claim(ctx.viewer.id, command.idempotency_key, asked)))


def _deciding(rule: Callable[..., Decision], reservation: Reservation, levels: Levels, now: datetime) -> Decision:
    return rule(reservation, levels, path=AT_RESERVATION, now=now)


def _may_touch(viewer: Viewer, reservation: Reservation) -> bool:
    """Whoever made it, who acts for a store that keeps it, and those who run the shop; to others it does not exist."""
    is_staff = viewer.role in (Role.ASSOCIATE, Role.INTEGRATOR, Role.ADMINISTRATOR)
    return reservation.client == viewer.id or (
        is_staff and any(viewer.acts_for(line.location_id) for line in reservation.lines)
    )


async def _made_before(ctx: Context, command: Reserve, asked: str) -> Answer | None:
    """What this wish was given before: what has closed or passed since takes nothing back."""
    key = (ctx.viewer.id, command.idempotency_key)
    async with ctx.sources.workplace.work() as work:
        former = (await work.reservations.by_key({key})).get(key)
    return Answer(former) if former is not None and former.request_hash == asked else None


def _in_input(refusal: Refusal, lines: Sequence[ReservationLine]) -> Refusal:
    """A short line where it stands in the input: lines of one level were put together."""
    if not isinstance(refusal, OutOfStock):
        return refusal
    first = next(n for n, line in enumerate(lines) if line.key == (refusal.sku, refusal.location))
    return replace(refusal, path=("input", "lines", first))


async def _wrong(
    ctx: Context, command: Reserve, lines: Sequence[ReservationLine]
) -> tuple[Sequence[Refusal], Sequence[Location]]:
    """What is wrong with a wish before any stock is looked at, and the places it is about."""
    refused = list(_wrong_in_itself(command, ctx.clock()))
    if refused:
        return refused, ()
    variants = await _variants(ctx, lines)
    places = await ctx.sources.locations.locations([line.location_id for line in lines])
    for index, (line, variant, place) in enumerate(zip(lines, variants, places, strict=True)):
        path: Path = ("input", "lines", index)
        if variant is None:
            refused.append(UnknownSku((*path, "sku"), line.sku))
        if place is None:
            refused.append(UnknownLocation((*path, "location"), line.location_id))
        elif lacking := _lacking(place, command.kind):
            refused.append(LocationCannot((*path, "location"), place.id, lacking))
    return refused, [place for place in places if place is not None]


async def _variants(ctx: Context, lines: Sequence[ReservationLine]) -> Sequence[Variant | None]:
    """What each line is of: to a shopper only what is on sale there exists, staff may keep anything."""
    skus = [line.sku for line in lines]
    if ctx.viewer.role is not Role.MEMBER:
        return await ctx.sources.catalog.variants(skus)
    return await catalog.variants_by_skus(ctx, skus, store_keys=[line.location_id for line in lines])


def _wrong_in_itself(command: Reserve, now: datetime) -> Sequence[Refusal]:
    refused = [
        *inputs.wrong_text(AT_KEY, command.idempotency_key),
        *inputs.too_long(("input", "reference"), command.reference or ""),
        *inputs.wrong_size(("input", "lines"), command.lines, most=MAX_LINES),
    ]
    if command.kind is ReservationKind.TRANSFER:
        refused.append(KindNotOffered(("input", "kind"), command.kind.value))
    if command.kind is ReservationKind.GROUP_BUY:
        refused += _wrong_window(command.until, now)
    stores = {line.location_id for line in command.lines}
    if command.kind is ReservationKind.STORE_RESERVE and len(stores) > 1:
        refused.append(TooManyItems(("input", "lines"), limit=1, given=len(stores)))
    for index, line in enumerate(command.lines):
        if not 0 < line.quantity <= MAX_QUANTITY:
            refused.append(QuantityNotPositive(("input", "lines", index, "quantity"), line.quantity))
    return refused


def _wrong_window(until: datetime | None, now: datetime) -> Sequence[Refusal]:
    """A group buy ends at a moment that is said, lies ahead, and not too far."""
    path: Path = ("input", "until")
    if until is None:
        return (EmptyField(path),)
    return () if now < until <= now + MAX_WINDOW else (ExtensionTooLong(path, now + MAX_WINDOW),)


def _lacking(place: Location, kind: ReservationKind) -> str | None:
    """What a location lacks to keep units: it must be open, and a store must offer to reserve."""
    if place.status is not LocationStatus.OPEN:
        return LocationStatus.OPEN.value
    if kind is ReservationKind.STORE_RESERVE and Capability.RESERVE not in place.capabilities:
        return Capability.RESERVE.value
    return None


def _ends_at(ctx: Context, command: Reserve, places: Sequence[Location], now: datetime) -> datetime:
    """Until when units are kept: for checkout the usual time, in a store until it closes next day (domain.md §5)."""
    if command.kind is ReservationKind.STORE_RESERVE:
        return domain.opening.closes_next_day(places[0].hours, time_zone=places[0].time_zone, now=now)
    if command.kind is ReservationKind.GROUP_BUY and command.until is not None:
        return command.until + ctx.policies.reservation_ttl
    return now + ctx.policies.reservation_ttl
