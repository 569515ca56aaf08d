"""Use cases on identifiers: what a member is called where, who vouches for it, and what follows from a shared one.

A member says what they are called; systems that saw it proved (by a code sent to a phone, by a platform's login) say
that it is verified. Associates vouch for nothing: whoever could would make two people one by typing a number.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import domain.identifiers
import domain.merging
from datasources.ports.work import Work
from domain.identifiers import REALMS
from domain.members import Identifier, IdentifierKey, IdentifierType, Member
from domain.merging import Linked, MergeCase, Obstacle
from domain.refusals.base import Path, Refusal
from domain.refusals.identity import (
    BadIdentifier,
    CannotVerify,
    IdentifierTaken,
    KeptApart,
    OtherPhone,
    UnknownIdentifier,
)
from domain.viewers import Role, Viewer
from resolvers import commands, inputs, members, merging, phones
from resolvers.claims import Refused
from resolvers.context import Context

AT_INPUT: Path = ("input",)


@dataclass(frozen=True, slots=True)
class Name:
    """What somebody is called, as it was typed or scanned."""

    type: IdentifierType
    value: str
    realm: str = ""
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A name that a member has as well; None: who asks."""

    type: IdentifierType
    value: str
    idempotency_key: str
    member: str | None = None
    realm: str = ""
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Unlink:
    """A name that a member has no more."""

    type: IdentifierType
    value: str
    idempotency_key: str
    member: str | None = None
    realm: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The member as they are now, and whether a person must decide; or why nothing was done."""

    member: Member | None = None
    is_queued: bool = False
    user_errors: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """The member after a name was linked, who may be another now; the case, where a person must decide first."""

    member: Member
    case: MergeCase | None = None


def normal(type: IdentifierType, text: str) -> str | None:
    """The one normal form of a name of any type; None if it cannot be one (MEM-6)."""
    return phones.normal(text) if type is IdentifierType.PHONE else domain.identifiers.normal(type, text)


async def link(ctx: Context, command: Link) -> Answer:
    """Link a name to a member; a verified one that another member has makes them one, or waits for a person."""

    async def do(work: Work) -> str:
        told = Name(command.type, command.value, command.realm, command.is_verified)
        name = read(ctx.viewer, told, AT_INPUT, now=ctx.clock())
        member = await members.named(ctx, work, command.member or ctx.viewer.id)
        attached = await attach(work, member.id, name, path=AT_INPUT, by=ctx.viewer.id, now=ctx.clock())
        return f"{attached.member.id} {attached.case.id if attached.case else ''}"

    done = await commands.changed(ctx, command, do)
    if done.text is None:
        return Answer(user_errors=done.user_errors)
    member_id, case_id = done.text.split(" ")
    found = await members.members_by_ids(ctx, [member_id])
    return Answer(found[0], is_queued=bool(case_id))


async def unlink(ctx: Context, command: Unlink) -> Answer:
    """Take a name from a member; an associate takes only what nobody has verified."""

    async def do(work: Work) -> str:
        value = normal(command.type, command.value)
        member = await members.locked(ctx, work, command.member or ctx.viewer.id)
        key = IdentifierKey(command.type, value or "", command.realm)
        gone = next((name for name in member.identifiers if name.key == key), None)
        if gone is None:
            raise Refused(UnknownIdentifier((*AT_INPUT, "value"), command.type.value))
        if gone.is_verified and ctx.viewer.role is Role.ASSOCIATE:
            raise Refused(CannotVerify((*AT_INPUT, "value"), command.type.value))
        kept = tuple(name for name in member.identifiers if name is not gone)
        await work.members.write([replace(member, identifiers=kept, version=member.version + 1)])
        await merging.tell(work, member.id, now=ctx.clock())
        return member.id

    done = await commands.changed(ctx, command, do)
    return Answer(await members.answered(ctx, done), user_errors=done.user_errors)


def read(viewer: Viewer, told: Name, path: Path, *, now: datetime) -> Identifier:
    """A name in its normal form, vouched for by who may.

    Raises:
        Refused: BAD_IDENTIFIER, CANNOT_VERIFY, or what is wrong with its realm.
    """
    value = normal(told.type, told.value)
    wrong: list[Refusal] = []
    if value is None:
        wrong.append(BadIdentifier((*path, "value"), told.type.value))
    if told.type in REALMS:
        wrong += inputs.wrong_text((*path, "realm"), told.realm)
    elif told.realm:
        wrong.append(BadIdentifier((*path, "realm"), told.type.value))
    if told.is_verified and viewer.role not in (Role.INTEGRATOR, Role.ADMINISTRATOR):
        wrong.append(CannotVerify((*path, "isVerified"), told.type.value))
    if wrong or value is None:
        raise Refused(*wrong)
    return Identifier(told.type, value, told.is_verified, viewer.id, now, told.realm)


async def attach(work: Work, member_id: str, name: Identifier, *, path: Path, by: str, now: datetime) -> Attached:
    """Link a name, and do what follows from it (MEM-1, MEM-2). No member may be locked yet but those it concerns.

    Raises:
        Refused: OTHER_PHONE, IDENTIFIER_TAKEN or KEPT_APART.
    """
    holder = (await holders(work, [name])).get(name.key)
    member, *others = await members.held(work, *dict.fromkeys([member_id, holder.id if holder else member_id]))
    other = others[0] if others else None
    if other is not None and not domain.identifiers.is_binding(name):
        raise Refused(IdentifierTaken((*path, "value"), name.type.value))
    if other is not None and await merging.are_kept_apart(work, member, other):
        raise Refused(KeptApart((*path, "value"), name.type.value))
    decided = domain.merging.link(member, name, other or holder)
    if isinstance(decided, Linked):
        return Attached(await _written(work, member, decided.member, now))
    if isinstance(decided, Obstacle):
        if other is None:
            raise Refused(OtherPhone((*path, "value")))
        case = await merging.wait(work, member, other, decided, seen_at=name.linked_at, now=now)
        return Attached(member, case)
    return Attached((await merging.merge(work, decided, by=by, now=now)).made)


async def holders(work: Work, names: Collection[Identifier]) -> dict[IdentifierKey, Member]:
    """Who has these names, verified, while nobody else may link them; of names that are verified themselves."""
    await work.members.hold({name.key for name in names})
    return dict(await work.members.by_identifier({name.key for name in names if name.is_verified}))


async def _written(work: Work, before: Member, after: Member, now: datetime) -> Member:
    if before == after:
        return before
    changed = replace(after, version=before.version + 1)
    await work.members.write([changed])
    await merging.tell(work, changed.id, now=now)
    return changed
