"""Use cases on behaviour: what members did is kept and shown while they let us, and at no other time (MEM-7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasources.ports.behaviour import BehaviourShelf
from domain.behaviour import KEPT, MOST, Behaviour, BehaviourKind
from domain.catalog import Product, Variant
from domain.consents import Purpose, permits
from domain.members import Member
from domain.refusals.base import Path, Refusal
from domain.refusals.behaviour import ProfilingNotGranted, UnknownProduct
from domain.refusals.general import EmptyField
from domain.refusals.members import UnknownMember
from domain.refusals.stock import UnknownSku
from domain.statuses import Status
from domain.viewers import Role
from resolvers import catalog, claims, consents, ids, inputs, loops, members, paging
from resolvers.context import Context
from resolvers.errors import ConsentRequired

MAX_EVENTS = 200
MAX_SIZES = 10
MAX_SHOWN = 50
BATCH = 1_000
EVERY_S = 3_600.0
BREATH_S = 0.2

_Read = Behaviour | Sequence[Refusal]
"""An event as it would be kept, or why it cannot be."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something a member did; `member` None: whoever sends it, `occurred_at` None: now."""

    event_id: str
    kind: BehaviourKind
    occurred_at: datetime | None = None
    member: str | None = None
    product: str | None = None
    sku: str | None = None
    sizes: Sequence[str] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """Events as they came to a phone or a tablet."""

    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Tracked:
    """What became of one event; `index` counts those of the input from 0."""

    index: int
    status: Status
    refusals: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of all events, in the order of the input; `refusals` are those of the whole."""

    results: Sequence[Tracked] = ()
    refusals: Sequence[Refusal] = ()

    @property
    def user_errors(self) -> Sequence[Refusal]:
        """Every refusal, of the whole and of single events."""
        return [*self.refusals, *(refusal for result in self.results for refusal in result.refusals)]


async def track(ctx: Context, command: Track) -> Answer:
    """Keep what members did, each event once; what cannot be kept is refused alone."""
    if wrong := inputs.wrong_size(("input", "events"), command.events, most=MAX_EVENTS):
        return Answer(refusals=wrong)
    read = await _read(ctx, command.events)
    return Answer(await claims.again(lambda: _keep(ctx, read)))


async def behaviour_of(ctx: Context, asked: Sequence[Member], *, first: int = 20) -> Sequence[Any]:
    """What each member did of late, the newest first; who does not let us keep it is told as such, alone."""
    paging.checked_first(first, most=MAX_SHOWN)
    profiled = await _profiled(ctx, asked)
    found = await ctx.sources.behaviour.behaviour(profiled, since=ctx.clock() - KEPT, limit=first)
    return _shown(asked, profiled, found)


async def recently_viewed(ctx: Context, asked: Sequence[Member], *, first: int = 20) -> Sequence[Any]:
    """The products that each member looked at last, each once; where they are on sale here."""
    paging.checked_first(first, most=MAX_SHOWN)
    profiled = await _profiled(ctx, asked)
    viewed = await ctx.sources.behaviour.viewed(profiled, since=ctx.clock() - KEPT, limit=first)
    product_ids = sorted({id for ids in viewed.values() for id in ids})
    products = dict(zip(product_ids, await catalog.products_by_ids(ctx, product_ids), strict=True))
    found = {member_id: [one for id in ids if (one := products[id])] for member_id, ids in viewed.items()}
    return _shown(asked, profiled, found)


async def product_of(ctx: Context, events: Sequence[Behaviour]) -> Sequence[Product | None]:
    """What each event is about, where it is on sale here."""
    return await catalog.products_by_ids(ctx, [event.product_id or "" for event in events])


async def run(shelf: BehaviourShelf, clock: Callable[[], datetime]) -> None:
    """Clear away what is older than it may be kept, until cancelled."""

    async def step() -> float:
        has_more = await shelf.forget_before(clock() - KEPT, limit=BATCH) == BATCH
        return BREATH_S if has_more else EVERY_S

    await loops.forever("behaviour", step)


async def _profiled(ctx: Context, asked: Sequence[Member]) -> frozenset[str]:
    return frozenset(await consents.granted(ctx, [member.id for member in asked], Purpose.PROFILING))


def _shown(asked: Sequence[Member], profiled: frozenset[str], found: Mapping[str, Sequence[Any]]) -> Sequence[Any]:
    """What was found of each, or why it is not shown."""
    return [
        found.get(member.id, []) if member.id in profiled else ConsentRequired(Purpose.PROFILING) for member in asked
    ]


async def _read(ctx: Context, events: Sequence[Event]) -> Sequence[_Read]:
    """Each event as it would be kept, or what is wrong with it."""
    own = ctx.viewer.id if ctx.viewer.role is Role.MEMBER else ""
    references = [own if event.member is None else event.member for event in events]
    people = await members.members_by_ids(ctx, [ids.key_of("Member", reference) for reference in references])
    variants = await ctx.sources.catalog.variants([event.sku or "" for event in events])
    product_ids = [
        variant.product_id if variant else ids.key_of("Product", event.product or "")
        for event, variant in zip(events, variants, strict=True)
    ]
    products = await ctx.sources.catalog.products(product_ids)
    read: list[_Read] = []
    for index, (event, member, product) in enumerate(zip(events, people, products, strict=True)):
        at: Path = ("input", "events", index)
        wrong = [*_wrong(event, at, ctx.clock()), *_unknown(event, at, product, variants[index])]
        if member is None:
            sent = references[index]
            wrong.append(UnknownMember((*at, "member"), sent) if sent else EmptyField((*at, "member")))
        read.append(wrong if wrong or member is None else _behaviour(ctx, event, member, product))
    return read


def _wrong(event: Event, at: Path, now: datetime) -> Sequence[Refusal]:
    """What is wrong with an event in itself: each kind has what it is about."""
    wrong = [
        *inputs.wrong_text((*at, "eventId"), event.event_id),
        *inputs.too_early((*at, "occurredAt"), event.occurred_at, now),
        *inputs.too_long((*at, "text"), event.text),
        *inputs.too_many((*at, "sizes"), event.sizes, most=MAX_SIZES),
        *(refusal for size in event.sizes for refusal in inputs.wrong_text((*at, "sizes"), size)),
    ]
    if event.kind is BehaviourKind.SEARCH and not event.text.strip():
        wrong.append(EmptyField((*at, "text")))
    if event.kind is BehaviourKind.TRY_ON and event.sku is None:
        wrong.append(EmptyField((*at, "sku")))
    if event.kind is BehaviourKind.BROWSE and event.sku is None and event.product is None:
        wrong.append(EmptyField((*at, "product")))
    return wrong


def _unknown(event: Event, at: Path, product: Product | None, variant: Variant | None) -> Sequence[Refusal]:
    if event.sku is not None:
        return [] if variant is not None else [UnknownSku((*at, "sku"), event.sku)]
    if event.product is not None and product is None:
        return [UnknownProduct((*at, "product"), event.product)]
    return []


def _behaviour(ctx: Context, event: Event, member: Member, product: Product | None) -> Behaviour:
    return Behaviour(
        source=ctx.viewer.id,
        event_id=event.event_id,
        member_id=member.id,
        kind=event.kind,
        occurred_at=event.occurred_at or ctx.clock(),
        product_id=product.id if product is not None else None,
        sku=event.sku,
        sizes=tuple(event.sizes),
        text=event.text.strip(),
        location_id=ctx.viewer.location_id,
    )


async def _keep(ctx: Context, read: Sequence[_Read]) -> Sequence[Tracked]:
    """Write what is new of those who let us, in one transaction that holds them: nobody withdraws meanwhile."""
    events = [one for one in read if isinstance(one, Behaviour)]
    results: list[Tracked] = []
    new: list[Behaviour] = []
    async with ctx.sources.workplace.work() as work:
        held = await work.members.locked({event.member_id for event in events})
        said = await work.consents.consents(list(held))
        known = set(await work.behaviour.known({event.name for event in events}))
        for index, one in enumerate(read):
            if not isinstance(one, Behaviour):
                results.append(Tracked(index, Status.FAILED, one))
            elif not held[one.member_id].is_live or not permits(said.get(one.member_id, ()), Purpose.PROFILING):
                refusal = ProfilingNotGranted(("input", "events", index))
                results.append(Tracked(index, Status.FAILED, (refusal,)))
            else:
                results.append(Tracked(index, Status.UNCHANGED if one.name in known else Status.CREATED))
                new += [one] if one.name not in known else []
                known.add(one.name)
        await work.behaviour.write(new, most=MOST)
    return results
