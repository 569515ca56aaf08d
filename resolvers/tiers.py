"""Use cases on tiers: where members stand, what that gives them, and what they have used of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import domain.tiers
from datasources.ports.tiers import Use
from datasources.ports.work import Work
from domain.members import Member
from domain.money import Money
from domain.refusals.base import Refusal
from domain.refusals.tiers import EndsBeforeItBegins, EntitlementNotHeld, EntitlementUsedUp, UnknownTier
from domain.tiers import Entitlement, Grant, Standing, Tier
from resolvers import commands, inputs, members
from resolvers.claims import Done, Refused
from resolvers.context import Context

AT_TIER = ("input", "tier")
AT_ENTITLEMENT = ("input", "entitlement")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a member is; `next` None: they stand on the highest rung."""

    qualifying: Money
    next: Tier | None
    missing: Money | None
    to_keep: Money
    holds_until: datetime | None
    is_in_grace: bool


@dataclass(frozen=True, slots=True)
class Held:
    """An entitlement of a member; `left` None: it may be used as often as they like."""

    entitlement: Entitlement
    left: int | None
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class UseEntitlement:
    """A member is given what their tier gives."""

    member: str
    entitlement: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class GrantTier:
    """A member bought a tier, is given it, or brings it from another system; `since` None: from now on."""

    member: str
    tier: str
    until: datetime
    idempotency_key: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The member as they stand now, or why nothing was done."""

    member: Member | None = None
    user_errors: Sequence[Refusal] = ()


async def ladder(ctx: Context, roots: Sequence[None]) -> Sequence[Sequence[Tier]]:
    """All rungs, the lowest first."""
    return [ctx.policies.ladder.tiers]


async def threshold_of(ctx: Context, tiers: Sequence[Tier]) -> Sequence[Money]:
    """What reaches each tier."""
    return [Money(tier.threshold_minor, ctx.policies.currency) for tier in tiers]


async def tier_codes(ctx: Context, member_ids: Sequence[str]) -> Sequence[str]:
    """The code of each member's tier now, as a token carries it from sign-in on."""
    return [one.tier.code for one in await _standings(ctx, member_ids)]


async def multipliers(ctx: Context, member_ids: Sequence[str], *, at: datetime) -> Sequence[int]:
    """What each member's tier multiplied what they earned by at a moment, in basis points."""
    return [one.tier.multiplier_bp for one in await ctx.sources.tiers.standings(member_ids, at=at)]


async def tier_of(ctx: Context, asked: Sequence[Member]) -> Sequence[Tier]:
    """The tier of each member now."""
    return [one.tier for one in await _standings(ctx, [member.id for member in asked])]


async def progress_of(ctx: Context, asked: Sequence[Member]) -> Sequence[Progress]:
    """How far each member is."""
    return [_progress(ctx, standing) for standing in await _standings(ctx, [member.id for member in asked])]


async def entitlements_of(ctx: Context, asked: Sequence[Member]) -> Sequence[Sequence[Held]]:
    """What the tier of each member gives, and how much of it is left."""
    now, member_ids = ctx.clock(), [member.id for member in asked]
    standings = await _standings(ctx, member_ids)
    used = await ctx.sources.entitlements.used(member_ids, since=now - _longest(standings))
    return [
        [_held(one, used.get(id, ()), now) for one in standing.tier.entitlements]
        for id, standing in zip(member_ids, standings, strict=True)
    ]


async def use(ctx: Context, command: UseEntitlement) -> Answer:
    """Write down that an entitlement was used, if the member's tier gives it and some of it is left."""

    async def do(work: Work) -> str:
        member = await members.locked(ctx, work, command.member)
        now = ctx.clock()
        entitlement = await _given(ctx, member.id, command.entitlement)
        since = now - timedelta(days=entitlement.days)
        again_at = entitlement.again_at(await work.tiers.used(member.id, entitlement.code, since=since), now)
        if entitlement.uses is not None and again_at is not None:
            raise Refused(EntitlementUsedUp(AT_ENTITLEMENT, entitlement.code, entitlement.uses, again_at))
        viewer = ctx.viewer
        await work.tiers.write_use(
            Use(uuid.uuid4().hex, member.id, entitlement.code, now, viewer.location_id, viewer.id)
        )
        return member.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def grant(ctx: Context, command: GrantTier) -> Answer:
    """Grant a tier for a time; a code of another system leads to the rung that the ladder says (D10)."""

    async def do(work: Work) -> str:
        since, ladder = command.since or ctx.clock(), ctx.policies.ladder
        wrong: list[Refusal] = list(inputs.wrong_text(AT_TIER, command.tier))
        rank = ladder.rank(command.tier)
        if rank is None and not wrong:
            wrong.append(UnknownTier(AT_TIER, command.tier, tuple(tier.code for tier in ladder.tiers)))
        if command.until <= since:
            wrong.append(EndsBeforeItBegins(("input", "until"), since, command.until))
        if wrong or rank is None:
            raise Refused(*wrong)
        member = await members.locked(ctx, work, command.member)
        granted = Grant(ladder.tiers[rank].code, since, command.until)
        await work.tiers.write_grant(uuid.uuid4().hex, member.id, granted, source=ctx.viewer.id)
        return member.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def join(work: Work, *, absorbed: str, survivor: str, now: datetime) -> dict[str, Any]:
    """Make what one member was granted and has used another's; what both have used counts together."""
    owned = await work.tiers.owned(absorbed)
    await work.tiers.give(owned, to=survivor)
    return {"absorbed": absorbed, "owned": {name: list(ids) for name, ids in owned.items()}}


async def part(work: Work, record: dict[str, Any], *, now: datetime) -> None:
    """Give back what a merge brought together."""
    await work.tiers.give(record["owned"], to=record["absorbed"])


async def forget(work: Work, member_id: str, *, now: datetime) -> None:
    """Delete what a member was granted and has used."""
    await work.tiers.forget(member_id)


async def _standings(ctx: Context, member_ids: Sequence[str]) -> Sequence[Standing]:
    return await ctx.sources.tiers.standings(member_ids, at=ctx.clock())


async def _given(ctx: Context, member_id: str, code: str) -> Entitlement:
    """The entitlement of this code, if the member's tier gives it."""
    tier = (await _standings(ctx, [member_id]))[0].tier
    found = next((one for one in tier.entitlements if one.code == code), None)
    if found is None:
        raise Refused(EntitlementNotHeld(AT_ENTITLEMENT, code, tier.code))
    return found


def _progress(ctx: Context, standing: Standing) -> Progress:
    told, currency = domain.tiers.progress(ctx.policies.ladder, standing), ctx.policies.currency
    return Progress(
        qualifying=Money(told.basis_minor, currency),
        next=told.next,
        missing=Money(told.missing_minor, currency) if told.missing_minor is not None else None,
        to_keep=Money(told.to_keep_minor, currency),
        holds_until=standing.holds_until,
        is_in_grace=standing.is_in_grace,
    )


def _held(entitlement: Entitlement, used: Sequence[tuple[str, datetime]], now: datetime) -> Held:
    used_at = [at for code, at in used if code == entitlement.code]
    return Held(entitlement, entitlement.left(used_at, now), entitlement.again_at(used_at, now))


def _longest(standings: Sequence[Standing]) -> timedelta:
    """How far back uses count for any of these."""
    return timedelta(days=max((one.days for standing in standings for one in standing.tier.entitlements), default=0))


async def _answer(ctx: Context, done: Done) -> Answer:
    return Answer(await members.answered(ctx, done), done.user_errors)
