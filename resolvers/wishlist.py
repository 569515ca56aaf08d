"""Use cases on wish lists: what members would have one day; whoever looks after them sees it as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasources.ports.work import Work
from domain.catalog import Variant
from domain.members import Member
from domain.pages import Page, Position, cut
from domain.refusals.base import Refusal
from domain.refusals.behaviour import WishlistFull
from domain.refusals.stock import UnknownSku
from domain.wishlist import MOST, Wish
from resolvers import catalog, commands, members, paging
from resolvers.claims import Done, Refused
from resolvers.context import Context
from resolvers.paging import Connection

AT_SKU = ("input", "sku")


@dataclass(frozen=True, slots=True)
class AddWish:
    """A variant that a member wishes for."""

    sku: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class RemoveWish:
    """A variant that a member wishes for no more."""

    sku: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The member as they are now, or why nothing was done."""

    member: Member | None = None
    user_errors: Sequence[Refusal] = ()


async def wishlist_of(
    ctx: Context, asked: Sequence[Member], *, first: int = 20, after: str | None = None
) -> Sequence[Connection[Wish]]:
    """What each member wishes for, the latest first."""
    paging.checked_first(first)
    place = paging.decode(after, kinds=(int, str))
    wished = await ctx.sources.wishes.wishes([member.id for member in asked])
    return [paging.connection(_page(wished.get(member.id, ()), first, place)) for member in asked]


async def variant_of(ctx: Context, wishes: Sequence[Wish]) -> Sequence[Variant | None]:
    """What is wished for, where it is on sale here."""
    return await catalog.variants_by_skus(ctx, [wish.sku for wish in wishes])


async def add(ctx: Context, command: AddWish) -> Answer:
    """Put a variant on one's own list; one that is there stays where it is."""

    async def do(work: Work) -> str:
        if (await ctx.sources.workplace.catalog.variants([command.sku]))[0] is None:
            raise Refused(UnknownSku(AT_SKU, command.sku))
        member = await members.locked(ctx, work, ctx.viewer.id)
        wished = (await work.wishes.wishes({member.id})).get(member.id, ())
        if command.sku not in {wish.sku for wish in wished}:
            if len(wished) >= MOST:
                raise Refused(WishlistFull(AT_SKU, MOST))
            await work.wishes.write(member.id, [Wish(command.sku, ctx.clock())])
        return member.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def remove(ctx: Context, command: RemoveWish) -> Answer:
    """Take a variant off one's own list, if it is there."""

    async def do(work: Work) -> str:
        member = await members.locked(ctx, work, ctx.viewer.id)
        await work.wishes.forget(member.id, {command.sku})
        return member.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def join(work: Work, *, absorbed: str, survivor: str, now: datetime) -> dict[str, Any]:
    """Make two lists one; what stands in both is wished for since the earlier moment."""
    wished = await work.wishes.wishes({absorbed, survivor})
    before = {id: {wish.sku: wish.added_at for wish in wished.get(id, ())} for id in (absorbed, survivor)}
    theirs, own = before[absorbed], before[survivor]
    united = [Wish(sku, min(at, own.get(sku, at))) for sku, at in theirs.items()]
    await work.wishes.forget(absorbed)
    await work.wishes.write(survivor, united)
    return {
        "absorbed": absorbed,
        "survivor": survivor,
        "before": {id: {sku: at.isoformat() for sku, at in one.items()} for id, one in before.items()},
    }


async def part(work: Work, record: dict[str, Any], *, now: datetime) -> None:
    """Undo that; what was wished for since, or no more, stays so."""
    absorbed, survivor = record["absorbed"], record["survivor"]
    theirs, own = (
        {sku: datetime.fromisoformat(at) for sku, at in record["before"][id].items()} for id in (absorbed, survivor)
    )
    current = {wish.sku: wish.added_at for wish in (await work.wishes.wishes({survivor})).get(survivor, ())}
    came = [sku for sku, at in theirs.items() if current.get(sku) == min(at, own.get(sku, at))]
    await work.wishes.forget(survivor, came)
    await work.wishes.write(survivor, [Wish(sku, own[sku]) for sku in came if sku in own])
    await work.wishes.write(absorbed, [Wish(sku, at) for sku, at in theirs.items()])


async def forget(work: Work, member_id: str, *, now: datetime) -> None:
    """Delete a member's list."""
    await work.wishes.forget(member_id)


def _page(wishes: Sequence[Wish], first: int, after: Position | None) -> Page[Wish]:
    """Lists are short: a page is cut of the whole."""
    rest = [wish for wish in wishes if after is None or wish.place > after]
    return cut(rest[: first + 1], first, lambda wish: wish.place)


async def _answer(ctx: Context, done: Done) -> Answer:
    return Answer(await members.answered(ctx, done), done.user_errors)
