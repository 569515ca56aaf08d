"""Use case: a member's points, live: what there is, then every transaction, none left out and none twice (LIV-1).

An event only says up to which version of an account there is something to tell; what, is read from the ledger, from the
last version that was told. So whoever is slow, was away or comes back with a cursor misses nothing, and costs no more
than two numbers for each programme (LIV-2, LIV-5).
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from datasources.ports.events import Heard, Missed
from datasources.ports.points import AccountKey, Since
from domain.events import Event, Topic, points_key
from domain.members import Member
from domain.programmes import Programme, Wallet
from domain.standings import Entry, Standing
from resolvers import cursors, ids, members, paging
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.live import Live

Versions = Mapping[str, int]
"""By programme, the version of the account that was told last."""


@dataclass(frozen=True, slots=True)
class State:
    """What an account holds as the ledger has it; what expires is told as a transaction, soon after its moment."""

    programme: Programme
    standing: Standing


@dataclass(frozen=True, slots=True)
class Update:
    """What was written of a member's accounts, and what they hold after it."""

    is_snapshot: bool
    spans: tuple[Since, ...]
    states: tuple[State, ...]
    watch: str

    @property
    def cursor(self) -> str:
        """Where to go on after it."""
        told = [f"{state.programme.code}:{state.standing.version}" for state in self.states]
        return paging.encode((self.watch, " ".join(told)))


def changes(ctx: Context, *, member: str, after: str | None = None) -> Live[Update]:
    """What a member's accounts hold, or what was written after a cursor; then every transaction as it is written.

    Raises:
        BadQuestion: UNKNOWN_MEMBER, there is none that the viewer may see, at first or later on; BAD_CURSOR, at first;
            MEMBER_MERGED, later on.
    """

    async def opened() -> _Watched:
        cursor = paging.decode(after, kinds=(str, str))
        found = await _visible(ctx, member)
        watch = cursors.digest((await ctx.sources.log.extent()).log, found.id)
        programmes = [one for one in ctx.policies.programmes if one.wallet is Wallet.POINTS]
        since = _versions(str(cursor[1])) if cursor is not None and cursor[0] == watch else None
        return _Watched(ctx, found, programmes, watch=watch, since=since)

    return Live(ctx.sources.bus, opened)


async def transactions(ctx: Context, updates: Sequence[Update]) -> Sequence[Sequence[Entry]]:
    """What was written, in the order it was; of all updates at once."""
    spans = [span for update in updates for span in update.spans]
    found = await ctx.sources.points.since(frozenset(spans))
    entries = [
        [entry for span in update.spans for entry in found.get(span.key, ()) if span.after < entry.version <= span.upto]
        for update in updates
    ]
    return [sorted(told, key=lambda entry: (entry.recorded_at, entry.version)) for told in entries]


class _Watched:
    """A member's accounts, and up to which version of each those who watch were told."""

    topic = Topic.POINTS_CHANGED

    def __init__(
        self, ctx: Context, member: Member, programmes: Sequence[Programme], *, watch: str, since: Versions | None
    ) -> None:
        self._ctx = ctx
        self._member = member
        self._programmes = programmes
        self._watch = watch
        self._since = since
        self._known: dict[str, Standing] = {}
        self.keys: Collection[str] = [points_key(member.id, one.code) for one in programmes]
        self.name: Hashable = (member.id, tuple((since or {}).items()))

    async def look(self) -> tuple[Update, Update | None]:
        """What there is, or what came after the cursor; to those who are there, what came after they were told."""
        await self._check()
        return await self._look()

    async def heard(self, heard: Heard) -> Update | None:
        """What was written since; whoever may not see the member any more is told nothing more (LIV-4)."""
        await self._check()
        if isinstance(heard, Missed):
            return (await self._look())[1]
        return self._news({self._programme(event): _standing(event) for event in heard})

    def as_one(self, updates: Sequence[Update]) -> Update:
        """All transactions of all of them: one stretch of versions for each account, and what it holds in the end."""
        spans: dict[AccountKey, Since] = {}
        for span in (span for update in updates for span in update.spans):
            before = spans.get(span.key, span)
            spans[span.key] = Since(span.key, min(before.after, span.after), max(before.upto, span.upto))
        is_snapshot = any(update.is_snapshot for update in updates)
        return replace(updates[-1], is_snapshot=is_snapshot, spans=tuple(spans.values()))

    async def _look(self) -> tuple[Update, Update | None]:
        codes = [one.code for one in self._programmes]
        found = await self._ctx.sources.points.standings([self._member.id], codes)
        now = {code: found.get((self._member.id, code), Standing()) for code in codes}
        news = self._news(now) if self._known else None
        self._known = self._known or now
        if self._since is None or any(now[code].version < self._since.get(code, 0) for code in codes):
            return self._update({}, is_snapshot=True), news
        return self._update({code: self._since.get(code, 0) for code in codes}, is_snapshot=False), news

    def _news(self, now: Mapping[str, Standing]) -> Update | None:
        before = {code: one.version for code, one in self._known.items()}
        later = {code: one for code, one in now.items() if one.version > before[code]}
        self._known |= later
        return self._update({code: before[code] for code in later}, is_snapshot=False) if later else None

    def _update(self, since: Versions, *, is_snapshot: bool) -> Update:
        known = self._known
        spans = [
            Since((self._member.id, code), version, known[code].version)
            for code, version in since.items()
            if code in known and version < known[code].version
        ]
        states = tuple(State(one, known[one.code]) for one in self._programmes)
        return Update(is_snapshot, tuple(spans), states, self._watch)

    def _programme(self, event: Event) -> str:
        return next(one.code for one in self._programmes if points_key(self._member.id, one.code) == event.key)

    async def _check(self) -> None:
        found = await _visible(self._ctx.anew(), self._member.id)
        if found.id != self._member.id:
            raise BadQuestion("MEMBER_MERGED", "This member was merged into another; watch that one.")


async def _visible(ctx: Context, reference: str) -> Member:
    found = (await members.members_by_ids(ctx, [ids.key_of("Member", reference)]))[0]
    if found is None:
        raise BadQuestion("UNKNOWN_MEMBER", f"There is no member {reference} that you may see.")
    return found


def _standing(event: Event) -> Standing:
    return Standing(**event.payload, version=event.version)


def _versions(text: str) -> Versions:
    """Read what was told, programme by programme.

    Raises:
        BadQuestion: BAD_CURSOR.
    """
    try:
        pairs = [told.rpartition(":") for told in text.split()]
        return {code: int(version) for code, _, version in pairs}
    except ValueError:
        raise BadQuestion("BAD_CURSOR", "This is not a cursor of points; take it from an update.") from None
