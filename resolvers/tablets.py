"""Use cases on tablets: an administrator makes one known and gives associates their PINs; they sign in there by them.

No answer tells who works where: a wrong PIN, an unknown associate and one of another store are answered alike.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import domain.tablets
import domain.throttle
from datasources.ports.work import Work
from domain.locations import Location
from domain.refusals.base import Path, Refusal
from domain.refusals.clients import UnknownAssociate
from domain.refusals.locations import UnknownLocation
from domain.refusals.sessions import PinWeak, PinWrong, TabletUnknown
from domain.sessions import digest
from domain.tablets import PIN_LENGTHS, Tablet, TabletKey
from domain.viewers import Role
from resolvers import ids, inputs, pins, sessions, tries
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.sessions import Answer

AT_TABLET: Path = ("input", "tablet")
AT_PIN: Path = ("input", "pin")
AT_ASSOCIATE: Path = ("input", "associate")
AT_LOCATION: Path = ("input", "location")


@dataclass(frozen=True, slots=True)
class Register:
    """A tablet, by the name that the house gives it, and where it lies."""

    tablet: str
    location: str


@dataclass(frozen=True, slots=True)
class Registered:
    """The tablet and its key, which is shown this once."""

    tablet: Tablet | None = None
    key: str | None = None
    user_errors: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class SetPin:
    """The PIN that an associate is to have."""

    associate: str
    pin: str


@dataclass(frozen=True, slots=True)
class PinSet:
    """How many sessions that ended; None where nothing was done."""

    ended_count: int | None = None
    user_errors: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class Login:
    """The key that the tablet keeps, who is before it, and their PIN."""

    tablet: str
    associate: str
    pin: str


async def register(ctx: Context, command: Register) -> Registered:
    """Make a tablet known. One that is known already gets a new key; its former one holds no longer."""
    place = ids.key_of("Location", command.location)
    if wrong := inputs.wrong_text(AT_TABLET, command.tablet):
        return Registered(user_errors=wrong)
    if (await ctx.sources.workplace.locations.locations([place]))[0] is None:
        return Registered(user_errors=(UnknownLocation(AT_LOCATION, command.location),))
    key = TabletKey(command.tablet.strip(), secrets.token_urlsafe(32))
    tablet = Tablet(key.tablet_id, place, digest(key.secret), ctx.clock())
    async with ctx.sources.workplace.work() as work:
        await work.tablets.write(tablet)
    return Registered(tablet, str(key))


async def set_pin(ctx: Context, command: SetPin) -> PinSet:
    """Give an associate a PIN, and sign them out everywhere."""
    who = ids.key_of("Associate", command.associate)
    if domain.tablets.is_weak(command.pin):
        return PinSet(user_errors=(PinWeak(AT_PIN, PIN_LENGTHS[0], PIN_LENGTHS[-1]),))
    pin_hash = await pins.hashed(command.pin)
    async with ctx.sources.workplace.work() as work:
        if await work.tablets.credentials(who) is None:
            return PinSet(user_errors=(UnknownAssociate(AT_ASSOCIATE, command.associate),))
        await work.tablets.set_pin(who, pin_hash)
        await tries.forgiven(work, _guessing(who))
        return PinSet(await sessions.end_all_of(work, {who}, Role.ASSOCIATE, now=ctx.clock()))


async def login(ctx: Context, command: Login) -> Answer:
    """Sign an associate in, on a tablet of the store where they work."""
    who, key = ids.key_of("Associate", command.associate), domain.tablets.parsed(command.tablet)
    try:
        async with ctx.sources.workplace.work() as work:
            tablet = await _known(ctx, work, key, who)
            credentials = await work.tablets.credentials(who)
    except Refused as refused:
        return Answer(user_errors=refused.refusals)
    may_sign_in = domain.tablets.may_sign_in(credentials, tablet)
    pin_hash = credentials.pin_hash if credentials is not None and may_sign_in else None
    if not await pins.is_right(command.pin, pin_hash):
        return Answer(user_errors=(PinWrong(AT_PIN),))
    async with ctx.sources.workplace.work() as work:
        if await work.tablets.credentials(who) != credentials:  # it was changed while we compared
            return Answer(user_errors=(PinWrong(AT_PIN),))
        await tries.forgiven(work, _guessing(who))
        await tries.forgiven(work, _guessing_on(tablet.id))
        return Answer(await sessions.begun_at(ctx, work, who, tablet.location_id))


async def location_of(ctx: Context, tablets: Sequence[Tablet]) -> Sequence[Location | None]:
    """Where each lies."""
    return await ctx.sources.locations.locations([tablet.location_id for tablet in tablets])


async def _known(ctx: Context, work: Work, key: TabletKey | None, who: str) -> Tablet:
    """The tablet of a key, where one more try is counted.

    Raises:
        Refused: TABLET_UNKNOWN, TOO_MANY_TRIES.
    """
    tablet = await work.tablets.tablet(key.tablet_id) if key is not None else None
    if key is None or tablet is None or not domain.tablets.is_known(tablet, key):
        raise Refused(TabletUnknown(AT_TABLET))
    now = ctx.clock()
    await tries.counted(work, _guessing_on(tablet.id), domain.throttle.GUESSES_OF_MANY, path=AT_PIN, now=now)
    await tries.counted(work, _guessing(who), domain.throttle.GUESSES, path=AT_PIN, now=now)
    return tablet


def _guessing(associate_id: str) -> str:
    return f"pin:{associate_id}"


def _guessing_on(tablet_id: str) -> str:
    return f"tablet:{tablet_id}"
