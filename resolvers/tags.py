"""Use cases on tags: what is said of members, by whom, and until when.

What rules and models derive is shown of those only who let us profile them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import domain.tags
from datasources.ports.work import Work
from domain.consents import Purpose
from domain.members import Member
from domain.refusals.base import Path, Refusal
from domain.refusals.tags import ConfidenceOutOfRange, NotYourWord, PathTooDeep
from domain.tags import CERTAIN_BP, MAX_DEPTH, Dimension, Key, Tag, TagSource
from domain.viewers import Role
from resolvers import commands, consents, inputs, members
from resolvers.claims import Done, Refused
from resolvers.context import Context

MAX_TAGS = 50
DERIVED = (TagSource.RULE, TagSource.MODEL)


@dataclass(frozen=True, slots=True)
class Word:
    """A tag as somebody says it; `said_at` None: now."""

    dimension: Dimension
    path: str
    value: str = ""
    source: TagSource = TagSource.MANUAL
    confidence_bp: int = CERTAIN_BP
    said_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A path in a dimension."""

    dimension: Dimension
    path: str


@dataclass(frozen=True, slots=True)
class SetTags:
    """Words on a member."""

    member: str
    tags: Sequence[Word]
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class RemoveTags:
    """Paths on which nothing is to be said of a member any more."""

    member: str
    tags: Sequence[Place]
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The member as they are now, or why nothing was done."""

    member: Member | None = None
    user_errors: Sequence[Refusal] = ()


async def tags_of(ctx: Context, asked: Sequence[Member]) -> Sequence[Sequence[Tag]]:
    """What is said of each member and holds now, in the order of dimensions and paths."""
    member_ids = [member.id for member in asked]
    said = await ctx.sources.tags.tags(member_ids)
    profiled = await consents.granted(ctx, member_ids, Purpose.PROFILING)
    now = ctx.clock()
    return [
        [tag for tag in domain.tags.shown(said.get(id, ()), now) if id in profiled or tag.source not in DERIVED]
        for id in member_ids
    ]


async def set_tags(ctx: Context, command: SetTags) -> Answer:
    """Say something of a member; an older word than what is known changes nothing."""

    async def do(work: Work) -> str:
        now = ctx.clock()
        if wrong := [*_wrong_list(command.tags), *_wrong_words(ctx, command.tags, now)]:
            raise Refused(*wrong)
        member = await members.locked(ctx, work, command.member)
        await _write(work, member.id, [_tag(word, now) for word in command.tags])
        return member.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def remove(ctx: Context, command: RemoveTags) -> Answer:
    """Take back what was said of a member on these paths; rules do not say it again."""

    async def do(work: Work) -> str:
        if wrong := _wrong_list(command.tags):
            raise Refused(*wrong)
        member = await members.locked(ctx, work, command.member)
        keys = {(place.dimension, domain.tags.normal(place.path)) for place in command.tags}
        known = (await work.tags.tags({member.id})).get(member.id, ())
        await _write(work, member.id, [tag.ended(ctx.clock()) for tag in known if tag.key in keys])
        return member.id

    return await _answer(ctx, await commands.changed(ctx, command, do))


async def join(work: Work, *, absorbed: str, survivor: str, now: datetime) -> dict[str, Any]:
    """Unite what was said of two members: the newest word on each path."""
    known = await work.tags.tags({absorbed, survivor})
    before = {id: list(known.get(id, ())) for id in (absorbed, survivor)}
    united = domain.tags.newest([*before[absorbed], *before[survivor]])
    await work.tags.forget(absorbed)
    await work.tags.write({survivor: united})
    record = {"absorbed": absorbed, "survivor": survivor, "united": _packed(united)}
    return record | {"before": {id: _packed(tags) for id, tags in before.items()}}


async def part(work: Work, record: dict[str, Any], *, now: datetime) -> None:
    """Undo that; what was said since stays with whom it was said of."""
    absorbed, survivor = record["absorbed"], record["survivor"]
    united, own = (_by_key(record["united"]), _by_key(record["before"][survivor]))
    current = (await work.tags.tags({survivor})).get(survivor, ())
    untouched: list[Key] = [tag.key for tag in current if united.get(tag.key) == tag]
    await work.tags.forget(survivor, untouched)
    restored = [own[key] for key in untouched if key in own]
    await work.tags.write({survivor: restored, absorbed: list(_by_key(record["before"][absorbed]).values())})


async def forget(work: Work, member_id: str, *, now: datetime) -> None:
    """Delete all that was said of a member."""
    await work.tags.forget(member_id)


def _packed(tags: Iterable[Tag]) -> list[dict[str, Any]]:
    return [domain.tags.pack(tag) for tag in tags]


def _by_key(packed: Iterable[dict[str, Any]]) -> dict[Key, Tag]:
    return {tag.key: tag for tag in map(domain.tags.unpack, packed)}


async def _write(work: Work, member_id: str, words: Sequence[Tag]) -> None:
    known = (await work.tags.tags({member_id})).get(member_id, ())
    after = domain.tags.newest([*known, *words])
    await work.tags.write({member_id: [tag for tag in after if tag not in known]})


def _tag(word: Word, now: datetime) -> Tag:
    return Tag(
        dimension=word.dimension,
        path=domain.tags.normal(word.path),
        source=word.source,
        set_at=word.said_at or now,
        value=word.value,
        confidence_bp=word.confidence_bp,
        expires_at=word.expires_at,
    )


def _wrong_list(tags: Sequence[Word] | Sequence[Place]) -> Sequence[Refusal]:
    return inputs.wrong_size(("input", "tags"), tags, most=MAX_TAGS)


def _wrong_words(ctx: Context, words: Sequence[Word], now: datetime) -> Sequence[Refusal]:
    by_hand = ctx.viewer.role is Role.ASSOCIATE
    allowed = (TagSource.MANUAL,) if by_hand else tuple(TagSource)
    wrong: list[Refusal] = []
    for index, word in enumerate(words):
        at: Path = ("input", "tags", index)
        path = domain.tags.normal(word.path)
        wrong += inputs.wrong_text((*at, "path"), path)
        wrong += inputs.too_long((*at, "value"), word.value)
        wrong += inputs.too_early((*at, "saidAt"), word.said_at, now)
        if (depth := path.count("/") + 1) > MAX_DEPTH:
            wrong.append(PathTooDeep((*at, "path"), MAX_DEPTH, depth))
        if not 0 <= word.confidence_bp <= CERTAIN_BP:
            wrong.append(ConfidenceOutOfRange((*at, "confidence"), word.confidence_bp))
        if word.source not in allowed:
            wrong.append(NotYourWord((*at, "source"), word.source.value, tuple(one.value for one in allowed)))
    return wrong


async def _answer(ctx: Context, done: Done) -> Answer:
    return Answer(await members.answered(ctx, done), done.user_errors)
