"""Use cases on consents: what a member allows and takes back, by their own word or by staff who heard it.

Every word is kept with its evidence; the last one counts, and only a yes permits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import domain.consents
import domain.events
from datasources.ports.work import Work
from domain.consents import EVERY_CHANNEL, Consent, ConsentState, Purpose
from domain.members import Member
from domain.refusals.base import Path, Refusal
from resolvers import commands, inputs, members, observed
from resolvers.claims import Refused
from resolvers.context import Context

HISTORY = 100
"""So many of the last words are shown."""
AT_EVIDENCE: Path = ("input", "evidence")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something was said, and to which text: its version, and its hash."""

    version: str
    place: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A yes of a member to a purpose, on one channel or on all."""

    purpose: Purpose
    evidence: Evidence
    idempotency_key: str
    member: str | None = None
    channel: str = EVERY_CHANNEL


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A no, in the same words."""

    purpose: Purpose
    evidence: Evidence
    idempotency_key: str
    member: str | None = None
    channel: str = EVERY_CHANNEL


@dataclass(frozen=True, slots=True)
class Answer:
    """The member, or why nothing was written."""

    member: Member | None = None
    user_errors: Sequence[Refusal] = ()


async def granted(
    ctx: Context, member_ids: Collection[str], purpose: Purpose, *, channel: str = EVERY_CHANNEL
) -> set[str]:
    """Who of these members allows a purpose."""
    said = await ctx.sources.consents.consents(member_ids)
    return {id for id, words in said.items() if domain.consents.permits(words, purpose, channel=channel)}


async def consents_of(ctx: Context, found: Sequence[Member]) -> Sequence[Sequence[Consent]]:
    """What each member said last, of each purpose and channel."""
    said = await ctx.sources.consents.consents([member.id for member in found])
    return [said.get(member.id, ()) for member in found]


async def history_of(ctx: Context, found: Sequence[Member]) -> Sequence[Sequence[Consent]]:
    """What each member ever said, the last first."""
    said = await ctx.sources.consents.history([member.id for member in found], limit=HISTORY)
    return [said.get(member.id, ()) for member in found]


async def grant(ctx: Context, command: Grant) -> Answer:
    """Write a yes down."""
    return await _say(ctx, command, ConsentState.GRANTED)


async def withdraw(ctx: Context, command: Withdraw) -> Answer:
    """Write a no down: a yes is withdrawn, what was never allowed is denied."""
    return await _say(ctx, command, ConsentState.WITHDRAWN)


def wrong(evidence: Evidence, path: Path = AT_EVIDENCE) -> Sequence[Refusal]:
    """What is missing of an evidence."""
    return [
        refusal
        for field, text in (
            ("version", evidence.version),
            ("place", evidence.place),
            ("textHash", evidence.text_hash),
        )
        for refusal in inputs.wrong_text((*path, field), text)
    ]


def yes(purpose: Purpose, evidence: Evidence, now: datetime, *, channel: str = EVERY_CHANNEL) -> Consent:
    """A word that permits, and its evidence."""
    told = {field.name: getattr(evidence, field.name) for field in fields(evidence)}
    return Consent(purpose, channel, ConsentState.GRANTED, at=now, **told)


async def join(work: Work, *, absorbed: str, survivor: str, now: datetime) -> dict[str, Any]:
    """Let the survivor allow what both allowed, and nothing else (MEM-5)."""
    before = await work.consents.consents({absorbed, survivor})
    made = domain.consents.joined(before.get(survivor, ()), before.get(absorbed, ()), at=now)
    await work.consents.replace({survivor: made, absorbed: ()})
    sides = {"survivor": before.get(survivor, ()), "absorbed": before.get(absorbed, ()), "made": made}
    return {"ids": [survivor, absorbed], **{name: [_packed(one) for one in said] for name, said in sides.items()}}


async def part(work: Work, record: Any, *, now: datetime) -> None:
    """Give each their own words back; what the survivor said since stays theirs."""
    survivor, absorbed = record["ids"]
    made, own, theirs = ([_unpacked(one) for one in record[side]] for side in ("made", "survivor", "absorbed"))
    said = (await work.consents.consents({survivor})).get(survivor, ())
    since = {(one.purpose, one.channel): one for one in said if one not in made}
    kept = {(one.purpose, one.channel): one for one in own} | since
    await work.consents.replace({survivor: list(kept.values()), absorbed: theirs})


async def forget(work: Work, member_id: str, *, now: datetime) -> None:
    """Let only stand that something was said."""
    await work.consents.forget(member_id)


async def _say(ctx: Context, command: Grant | Withdraw, state: ConsentState) -> Answer:
    async def do(work: Work) -> str:
        channel = ("input", "channel")
        if refused := [*wrong(command.evidence), *inputs.too_long(channel, command.channel)]:
            raise Refused(*refused)
        member = await members.locked(ctx, work, command.member or ctx.viewer.id)
        now = ctx.clock()
        word = replace(yes(command.purpose, command.evidence, now, channel=command.channel), state=state)
        if state is not ConsentState.GRANTED:
            before = (await work.consents.consents({member.id})).get(member.id, ())
            word = domain.consents.withdrawn(before, word)
            if (command.purpose, command.channel) == (Purpose.PROFILING, EVERY_CHANNEL):
                await observed.forget(work, member.id, now=now)
        await work.consents.write({member.id: [word]})
        await work.tell([domain.events.member_changed(member.id, now)])
        return member.id

    done = await commands.changed(ctx, command, do)
    return Answer(await members.answered(ctx, done), done.user_errors)


def _packed(one: Consent) -> list[str]:
    return [one.purpose.value, one.channel, one.state.value, one.version, one.at.isoformat(), one.place, one.text_hash]


def _unpacked(facts: Sequence[str]) -> Consent:
    purpose, channel, state, version, at, place, text_hash = facts
    return Consent(
        Purpose(purpose), channel, ConsentState(state), version, datetime.fromisoformat(at), place, text_hash
    )
