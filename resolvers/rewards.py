"""Use cases on rewards: what is offered, redeemed for points in any channel, and handed over once."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from datasources.ports.work import Work
from domain import programmes, rewards
from domain.accounts import Account
from domain.channels import Channel
from domain.facts import Fact
from domain.members import Member
from domain.programmes import Programme
from domain.refusals.base import Path, Refusal
from domain.refusals.general import NegativeQuantity, QuantityNotPositive
from domain.refusals.points import UnknownRedemption, UnknownReward
from domain.rewards import Redemption, Reward, RewardKind
from resolvers import commands, inputs, points
from resolvers.claims import Done, Refused
from resolvers.context import Context
from resolvers.points_asked import programme_of, redeeming_member
from resolvers.points_spending import deduction, frozen

AT_REWARD: Path = ("input", "reward")
AT_CODE: Path = ("input", "code")
MAX_SHOWN = 100
"""Redemptions of a member in one answer."""
CODE_BYTES = 6


@dataclass(frozen=True, slots=True)
class Save:
    """A reward as it is to be offered from now on."""

    code: str
    kind: RewardKind
    title: str
    cost: int
    idempotency_key: str
    programme: str | None = None
    stock: int | None = None
    channels: Sequence[Channel] = ()
    sku: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Redeem:
    """A reward that a member would have for their points."""

    member: str
    reward: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Fulfil:
    """A code that a member shows."""

    code: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The reward as it is now, or why it is not."""

    reward: Reward | None = None
    user_errors: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The redemption as it is now, or why there is none."""

    redemption: Redemption | None = None
    user_errors: Sequence[Refusal] = ()


async def offered(ctx: Context, roots: Sequence[None]) -> Sequence[Sequence[Reward]]:
    """What can be had in this channel now, the cheapest first."""
    now = ctx.clock()
    return [[one for one in await ctx.sources.rewards.rewards() if one.is_offered(ctx.channel, now)]]


async def save(ctx: Context, command: Save) -> Saved:
    """Offer a reward, or offer it otherwise."""

    async def do(work: Work) -> str:
        if wrong := _wrong(command):
            raise Refused(*wrong)
        before = await work.rewards.locked(command.code)
        reward = Reward(
            code=command.code,
            kind=command.kind,
            title=command.title,
            programme=programme_of(ctx, command.programme).code,
            cost=command.cost,
            stock=command.stock,
            channels=tuple(command.channels),
            sku=command.sku,
            valid_from=command.valid_from,
            valid_until=command.valid_until,
            version=before.version + 1 if before else 1,
        )
        await work.rewards.write(reward)
        return reward.code

    done = await commands.changed(ctx, command, do)
    found = await ctx.sources.rewards.by_code([done.text]) if done.text is not None else {}
    return Saved(found.get(done.text or ""), done.user_errors)


async def redeem(ctx: Context, command: Redeem) -> Redeemed:
    """Pay for a reward with points: the member, the reward and the account are locked, in this order."""

    async def do(work: Work) -> str:
        member = await redeeming_member(ctx, work, command.member)
        reward = await work.rewards.locked(command.reward)
        if reward is None:
            raise Refused(UnknownReward(AT_REWARD, command.reward))
        now = ctx.clock()
        left = rewards.take(reward, ctx.channel, path=AT_REWARD, now=now)
        if not isinstance(left, Reward):
            raise Refused(*left)
        programme = programme_of(ctx, reward.programme, path=AT_REWARD)
        id = uuid.uuid4().hex

        def paid(account: Account, at: datetime) -> Sequence[Fact]:
            used = replace(deduction(programme, account.active, reward.cost, None, path=AT_REWARD), value_minor=0)
            return frozen(f"reward/{id}", at, used, is_paid=True)

        await points.decide(work, member.id, programme, paid, ref=f"reward/{id}", now=now)
        if left is not reward:
            await work.rewards.write(left)
        redemption = Redemption(
            id=id,
            code=secrets.token_hex(CODE_BYTES).upper(),
            reward_code=reward.code,
            member_id=member.id,
            programme=programme.code,
            points=reward.cost,
            channel=ctx.channel,
            redeemed_at=now,
        )
        await work.rewards.write_redemption(redemption)
        return id

    return await _redeemed(ctx, await commands.changed(ctx, command, do))


async def fulfil(ctx: Context, command: Fulfil) -> Redeemed:
    """Hand over what was redeemed; a code works once."""

    async def do(work: Work) -> str:
        redemption = await work.rewards.locked_redemption(command.code.strip().upper())
        if redemption is None:
            raise Refused(UnknownRedemption(AT_CODE, command.code))
        after = rewards.fulfil(
            redemption, by=ctx.viewer.id, location_id=ctx.viewer.location_id, path=AT_CODE, now=ctx.clock()
        )
        if not isinstance(after, Redemption):
            raise Refused(*after)
        await work.rewards.write_redemption(after)
        return redemption.id

    return await _redeemed(ctx, await commands.changed(ctx, command, do))


async def of_redemptions(ctx: Context, redemptions: Sequence[Redemption]) -> Sequence[Reward | None]:
    """What each redemption is for."""
    found = await ctx.sources.rewards.by_code([one.reward_code for one in redemptions])
    return [found.get(one.reward_code) for one in redemptions]


async def of_members(ctx: Context, members: Sequence[Member]) -> Sequence[Sequence[Redemption]]:
    """What each member has redeemed, the newest first."""
    found = await ctx.sources.rewards.of_members([member.id for member in members], limit=MAX_SHOWN)
    return [found.get(member.id, ()) for member in members]


async def programmes_of(ctx: Context, found: Sequence[Reward]) -> Sequence[Programme | None]:
    """In what each reward is paid."""
    return [programmes.named(ctx.policies.programmes, reward.programme) for reward in found]


async def join(work: Work, *, absorbed: str, survivor: str, now: datetime) -> dict[str, Any]:
    """Give one member's redemptions to another."""
    ids = await work.rewards.give(owner=absorbed, to=survivor)
    return {"absorbed": absorbed, "survivor": survivor, "ids": [*ids]}


async def part(work: Work, record: dict[str, Any], *, now: datetime) -> None:
    """Give them back."""
    await work.rewards.give(owner=record["survivor"], to=record["absorbed"], ids=record["ids"])


async def forget(work: Work, member_id: str, *, now: datetime) -> None:
    """Nothing: a redemption knows nobody but by an id."""


def _wrong(command: Save) -> Sequence[Refusal]:
    wrong = [
        *inputs.wrong_text(("input", "code"), command.code),
        *inputs.wrong_text(("input", "title"), command.title),
    ]
    if command.cost < 1:
        wrong.append(QuantityNotPositive(("input", "cost"), command.cost))
    if command.stock is not None and command.stock < 0:
        wrong.append(NegativeQuantity(("input", "stock"), command.stock))
    return wrong


async def _redeemed(ctx: Context, done: Done) -> Redeemed:
    found = await ctx.sources.rewards.redemptions([done.text]) if done.text is not None else [None]
    return Redeemed(found[0], done.user_errors)
