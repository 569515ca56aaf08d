"""Use cases on how somebody becomes known: as a prospect by an order or a login, as a member by their consent."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

import domain.identifiers
import domain.merging
from datasources.ports.work import Work
from domain.consents import Purpose
from domain.members import ContactPreference, Gender, Identifier, Member, MemberStatus, Profile
from domain.refusals.base import Path, Refusal
from domain.refusals.general import EmptyField, ObservedInFuture, TransitionRefused
from domain.refusals.locations import NotYourLocation, UnknownLocation
from domain.viewers import Role
from resolvers import clients, commands, consents, identifiers, ids, inputs, members, merging
from resolvers.claims import Refused
from resolvers.consents import Evidence
from resolvers.context import Context
from resolvers.identifiers import Name

MAX_IDENTIFIERS = 20
CODE_DIGITS = 12
NOTHING = Profile()


@dataclass(frozen=True, slots=True)
class ProfileWish:
    """What somebody tells of themself; None leaves it as it is."""

    name: str | None = None
    gender: Gender | None = None
    birthday: date | None = None


@dataclass(frozen=True, slots=True)
class ContactWish:
    """How they want to be spoken to, all of it."""

    channel: str = ""
    language: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """Somebody who joins: who asks, or, where staff ask, somebody with these names."""

    consent: Evidence
    idempotency_key: str
    profile: ProfileWish | None = None
    identifiers: Sequence[Name] = ()
    registration_source: str = ""
    home_location: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be known of a member otherwise than it is."""

    idempotency_key: str
    member: str | None = None
    profile: ProfileWish | None = None
    contact_preference: ContactWish | None = None
    home_location: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The member as they are now, or why nothing was done."""

    member: Member | None = None
    user_errors: Sequence[Refusal] = ()


async def register(ctx: Context, command: Register) -> Answer:
    """Let somebody join: who asks, from prospect to member; or whom staff write down, found by what is verified."""

    async def do(work: Work) -> str:
        own = ctx.viewer.location_id if ctx.viewer.role is Role.ASSOCIATE else None
        home = await _home(ctx, command.home_location or own)
        if wrong := [*consents.wrong(command.consent, ("input", "consent")), *_wrong(ctx, command.profile)]:
            raise Refused(*wrong)
        now = ctx.clock()
        joining = members.locked(ctx, work, ctx.viewer.id) if _is_own(ctx) else _by_staff(ctx, work, command, now)
        member = await joining
        joined = _joined(member)
        known = _with(joined, command.profile)
        await _write(work, replace(known, home_location_id=known.home_location_id or home), now)
        await work.consents.write({member.id: [consents.yes(Purpose.MEMBERSHIP, command.consent, now)]})
        await clients.led_to_join(ctx, work, member.id, now=now)
        return member.id

    done = await commands.changed(ctx, command, do)
    if done.text is None:
        return Answer(user_errors=done.user_errors)
    return Answer(await members.introduced(ctx, done.text))


async def update(ctx: Context, command: Update) -> Answer:
    """Write down what a member told, and how they want to be spoken to; the last word holds."""

    async def do(work: Work) -> str:
        home = await _home(ctx, command.home_location)
        if wrong := [*_wrong(ctx, command.profile), *_wrong_contact(command.contact_preference)]:
            raise Refused(*wrong)
        member = await members.locked(ctx, work, command.member or ctx.viewer.id)
        after = _with(member, command.profile)
        if (wish := command.contact_preference) is not None:
            contact = ContactPreference(wish.channel, wish.language, wish.quiet_from, wish.quiet_until)
            after = replace(after, contact=contact)
        await _write(work, replace(after, home_location_id=home or member.home_location_id), ctx.clock())
        return member.id

    done = await commands.changed(ctx, command, do)
    return Answer(await members.answered(ctx, done), done.user_errors)


async def prospect_for(
    work: Work,
    names: Sequence[Identifier],
    *,
    now: datetime,
    profile: Profile = NOTHING,
    home_location_id: str | None = None,
    path: Path = ("input",),
) -> Member:
    """Who has one of these names, locked, or a new PROSPECT, who has consented to nothing (MEM-11); they have all then.

    A name that nobody has shown to be theirs is that of who was said to have it. Who then shows it becomes that one,
    unless somebody has shown to be that one already: by typing another's phone nobody gets at what they do later.

    Raises:
        Refused: as `identifiers.attach`.
    """
    shown = await identifiers.holders(work, [replace(name, is_verified=True) for name in names])
    known = next((shown[name.key] for name in names if name.key in shown), None) or await _unproven(work, names)
    if known is None:
        made = new(source=names[0].source, now=now, names=names, profile=profile, home_location_id=home_location_id)
        return await _write(work, made, now)
    for name in names:
        attached = await identifiers.attach(work, known.id, name, path=path, by=name.source, now=now)
        known = attached.member
    return known


async def _unproven(work: Work, names: Sequence[Identifier]) -> Member | None:
    """Who was said to have one of these names, and has not shown to be anybody."""
    told = await work.members.told({name.key for name in names})
    found = [one for name in names for one in told.get(name.key, ())]
    free = [one for one in found if not any(map(domain.identifiers.is_proof, one.identifiers))]
    return domain.merging.oldest(free) if free else None


def new(
    *, source: str, now: datetime, names: Sequence[Identifier], profile: Profile, home_location_id: str | None
) -> Member:
    """A prospect whom nobody has known."""
    code = str(10 ** (CODE_DIGITS - 1) + secrets.randbelow(9 * 10 ** (CODE_DIGITS - 1)))
    return Member(
        id=uuid.uuid4().hex,
        code=code,
        status=MemberStatus.PROSPECT,
        registration_source=source,
        created_at=now,
        profile=profile,
        home_location_id=home_location_id,
        identifiers=tuple(names),
        version=0,
    )


async def _by_staff(ctx: Context, work: Work, command: Register, now: datetime) -> Member:
    """The prospect whom these names belong to, or a new one; names of several members are a matter of merging."""
    at: Path = ("input", "identifiers")
    if wrong := inputs.wrong_size(at, command.identifiers, most=MAX_IDENTIFIERS):
        raise Refused(*wrong)
    if wrong := inputs.wrong_text(("input", "registrationSource"), command.registration_source):
        raise Refused(*wrong)
    names = [identifiers.read(ctx.viewer, told, (*at, n), now=now) for n, told in enumerate(command.identifiers)]
    holders = {holder.id for holder in (await identifiers.holders(work, names)).values()}
    found = await members.held(work, *sorted(holders))
    member = domain.merging.oldest(found) if found else None
    if member is None:
        member = new(source=command.registration_source, now=now, names=(), profile=NOTHING, home_location_id=None)
        await work.members.write([member])
    for n, name in enumerate(names):
        attached = await identifiers.attach(work, member.id, name, path=(*at, n), by=ctx.viewer.id, now=now)
        member = attached.member
    return member


def _joined(member: Member) -> Member:
    if member.status is not MemberStatus.PROSPECT:
        raise Refused(TransitionRefused(("input",), member.status.value, MemberStatus.ACTIVE.value, ()))
    return replace(member, status=MemberStatus.ACTIVE)


def _with(member: Member, wish: ProfileWish | None) -> Member:
    if wish is None:
        return member
    before = member.profile
    told = replace(
        before,
        name=before.name if wish.name is None else wish.name,
        gender=wish.gender or before.gender,
        birthday=wish.birthday or before.birthday,
    )
    return replace(member, profile=told)


async def _write(work: Work, member: Member, now: datetime) -> Member:
    written = replace(member, version=member.version + 1)
    await work.members.write([written])
    await merging.tell(work, member.id, now=now)
    return written


async def _home(ctx: Context, reference: str | None) -> str | None:
    """The store that somebody is to be at home in."""
    if reference is None:
        return None
    at: Path = ("input", "homeLocation")
    key = ids.key_of("Location", reference)
    if not ctx.viewer.acts_for(key):
        raise Refused(NotYourLocation(at, reference))
    if (await ctx.sources.workplace.locations.locations([key]))[0] is None:
        raise Refused(UnknownLocation(at, reference))
    return key


def _is_own(ctx: Context) -> bool:
    return ctx.viewer.role is Role.MEMBER


def _wrong(ctx: Context, wish: ProfileWish | None) -> Sequence[Refusal]:
    if wish is None:
        return ()
    at: Path = ("input", "profile")
    wrong = list(inputs.too_long((*at, "name"), wish.name or ""))
    now = ctx.clock()
    if wish.birthday is not None and wish.birthday > now.date():
        born = datetime.combine(wish.birthday, time(), tzinfo=now.tzinfo)
        wrong.append(ObservedInFuture((*at, "birthday"), born, now))
    return wrong


def _wrong_contact(wish: ContactWish | None) -> Sequence[Refusal]:
    at: Path = ("input", "contactPreference")
    if wish is None:
        return ()
    wrong = [*inputs.too_long((*at, "channel"), wish.channel), *inputs.too_long((*at, "language"), wish.language)]
    if (wish.quiet_from is None) != (wish.quiet_until is None):
        wrong.append(EmptyField((*at, "quietUntil" if wish.quiet_until is None else "quietFrom")))
    return wrong
