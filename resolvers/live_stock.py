"""Use cases on live stock: what there is, then what changes, and how to go on after a line was cut (domain.md §14).

A watcher holds the last update of each level, by its version, and the last cursor. What expires by the clock (a hold,
the word of a source) changes what may be promised without an event: holds are written down, with a new version, about
a second later by the sweeper; how long a word is good stands beside it.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from datasources.ports.events import Extent, Heard, Missed
from domain.events import Topic, level_of, stock_key
from domain.geo import Coordinates
from domain.stock import Key, StockLevel
from domain.viewers import Scope
from resolvers import availability, catalog, consistency, cursors, locations, paging, stock_vector
from resolvers.availability import MAX_OFFERS, USUAL_OFFERS, Offer
from resolvers.consistency import Seen
from resolvers.context import Context
from resolvers.cursors import Cursor
from resolvers.errors import BadQuestion
from resolvers.live import Live

MAX_WATCHED = 1_000
"""(sku, location) pairs in one subscription."""
Found = tuple[Key, StockLevel | None]
"""A level, or the place where there is none."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What somebody watches: every one of these skus at every one of these locations, and from where."""

    skus: tuple[str, ...]
    location_ids: tuple[str, ...]
    near: Coordinates | None
    name: str
    """What was watched and by whose rights, in short: who goes on must be told of the same things."""

    def pairs(self) -> Sequence[Key]:
        """What is watched, sku by sku."""
        return [(sku, location_id) for sku in self.skus for location_id in self.location_ids]


@dataclass(frozen=True, slots=True)
class Update:
    """What is told at once: everything that is watched (a snapshot), or what changed.

    Updates that tell the same are equal, a moment apart or not. `log` and `position`: after what one can go on.
    """

    is_snapshot: bool
    found: tuple[Found, ...]
    log: str
    position: int
    watch: str
    near: Coordinates | None
    at: datetime = field(compare=False)
    is_past: bool = False

    @property
    def cursor(self) -> str:
        """Where to go on after it."""
        return cursors.encode(Cursor(cursors.digest(self.log), self.position, self.watch))

    @property
    def consistency_token(self) -> str:
        """What was looked at, and when."""
        versions = [(key, level.version if level else 0) for key, level in self.found]
        seen = Seen(self.at, versions, self.is_snapshot, self.position, self.watch, self.near)
        return consistency.encode(seen, log=self.log)


def changes(
    ctx: Context,
    *,
    skus: Sequence[str],
    location_ids: Sequence[str] | None = None,
    near: Coordinates | None = None,
    radius_km: float = 50.0,
    first: int = USUAL_OFFERS,
    after: str | None = None,
) -> Live[Update]:
    """A snapshot, or what changed after a cursor; then what changes, for as long as somebody listens (LIV-1, LIV-2).

    The log's position is read before the levels. While nothing happens, nothing is held but what tells old from new.

    Raises:
        BadQuestion: BAD_CURSOR, UNKNOWN_SKU, UNKNOWN_LOCATION, TOO_MANY_WATCHED, PAGE_SIZE or BAD_ARGUMENT, at first.
    """

    async def opened() -> _Watched:
        cursor = cursors.decode(after)
        watch = await _watch(ctx, skus, location_ids, near=near, radius_km=radius_km, first=first)
        return _Watched(ctx, watch, cursor)

    return Live(ctx.sources.bus, opened)


async def since(
    ctx: Context,
    roots: Sequence[None],
    *,
    skus: Sequence[str],
    locations: Sequence[str] | None = None,
    near: Coordinates | None = None,
    radius_km: float = 50.0,
    first: int = USUAL_OFFERS,
    after: str | None = None,
) -> Sequence[Update]:
    """What a subscription would tell first, for clients that cannot hold a socket: the same cursors lead on.

    Raises:
        BadQuestion: as `changes`.
    """
    cursor = cursors.decode(after)
    watch = await _watch(ctx, skus, locations, near=near, radius_km=radius_km, first=first)
    return [await _looked(ctx, watch, cursor)]


async def as_of(ctx: Context, roots: Sequence[None], *, token: str) -> Sequence[Update]:
    """What was told with this token, once more: the same versions at the same instant, by today's rights (LIV-6).

    Raises:
        BadQuestion: BAD_CONSISTENCY_TOKEN; CONSISTENCY_TOKEN_EXPIRED, a version is no longer kept; UNKNOWN_SKU.
    """
    log = (await ctx.sources.log.extent()).log
    seen = consistency.decode(token, log=log)
    skus, places = _sides([key for key, _ in seen.versions])
    await _check_skus(ctx, skus, places)
    versions = {key: version for key, version in seen.versions if version}
    levels = await ctx.sources.workplace.stock.levels(skus, places)
    kept = {key: level for key, level in levels.items() if level.version == versions.get(key)}
    gone = {stock_key(*key): version for key, version in versions.items() if key not in kept}
    if gone:
        told = map(level_of, await ctx.sources.log.versions(Topic.STOCK_CHANGED, gone))
        kept |= {level.key: level for level in told}
    if kept.keys() != versions.keys():
        raise BadQuestion("CONSISTENCY_TOKEN_EXPIRED", "What was seen then is no longer kept; ask for a snapshot.")
    found = tuple((key, kept.get(key)) for key, _ in seen.versions)
    return [Update(seen.is_snapshot, found, log, seen.position, seen.watch, seen.near, at=seen.at, is_past=True)]


async def offers(ctx: Context, updates: Sequence[Update]) -> Sequence[Sequence[Offer]]:
    """What each update offers, as this viewer may see it; what it says is what this operation saw (STK-11)."""
    told = []
    for update in updates:
        skus, ids = _sides([key for key, _ in update.found])
        if not update.is_past:
            levels = {key: level for key, level in update.found if level}
            whole = (skus, ids) if update.is_snapshot else ((), ())
            stock_vector.begin(ctx, update.at)
            stock_vector.settled(ctx, *whole, levels)
        places = {place.id: place for place in await ctx.sources.locations.locations(ids) if place}
        found = [(key[0], places[key[1]], level) for key, level in update.found if key[1] in places]
        told.append(availability.offered(ctx, found, near=update.near, at=update.at))
    return told


class _Watched:
    """What is watched, and what those who watch it must know to tell old from new: a position, and versions.

    Who goes on after a cursor is told of some levels only: until there is a snapshot nobody knows about the others.
    """

    __slots__ = ("_ctx", "_cursor", "_is_whole", "_log", "_position", "_versions", "_watch", "keys", "name")
    topic = Topic.STOCK_CHANGED

    def __init__(self, ctx: Context, watch: Watch, cursor: Cursor | None) -> None:
        self._ctx = ctx
        self._watch = watch
        self._cursor = cursor
        self._log = ""
        self._position = 0
        self._is_whole = cursor is None
        self._versions: dict[str, int] = {}
        self.keys: Collection[str] = [stock_key(*pair) for pair in watch.pairs()]
        self.name: Hashable = watch.name

    async def look(self) -> tuple[Update, Update | None]:
        """Look at what there is, or at what was missed; to those who are there it is news where versions are later."""
        update, known = await self._looked(self._cursor), self._versions
        found = tuple(one for one in update.found if one[1] and one[1].version > known.get(stock_key(*one[0]), 0))
        news = replace(update, is_snapshot=False, found=found) if found else None
        if update.is_snapshot and not self._is_whole:
            news, self._is_whole = update, True
        self._know(update)
        return update, news

    async def heard(self, heard: Heard) -> Update | None:
        """What of these events is news; the levels that were looked at may hold some of them already."""
        if isinstance(heard, Missed):
            update, self._is_whole = await self._looked(None), True
            self._know(update)
            return update
        known = self._versions
        at = self._position
        news = [event for event in heard if event.position > at and event.version > known.get(event.key, 0)]
        self._position = max(at, heard[-1].position)
        if not news:
            return None
        for event in news:
            known[event.key] = event.version
        found = tuple([((level := level_of(event)).key, level) for event in news])
        watch = self._watch
        return Update(False, found, self._log, self._position, watch.name, watch.near, at=self._ctx.clock())

    async def _looked(self, cursor: Cursor | None) -> Update:
        """Look, as an operation of its own."""
        return await _looked(self._ctx.anew(), self._watch, cursor)

    def _know(self, update: Update) -> None:
        self._log, self._position = update.log, max(self._position, update.position)
        self._versions |= {stock_key(*key): level.version for key, level in update.found if level}

    def as_one(self, updates: Sequence[Update]) -> Update:
        """The last state of each level that was told, and after the last what one can go on."""
        *_, last = updates
        found: dict[Key, StockLevel | None] = {}
        for update in updates:
            found = dict(update.found) if update.is_snapshot else found | dict(update.found)
        return replace(last, is_snapshot=any(update.is_snapshot for update in updates), found=tuple(found.items()))


async def _looked(ctx: Context, watch: Watch, cursor: Cursor | None) -> Update:
    """Everything that is watched, or what of it had events after the cursor; never from a cache, which may lag behind
    the position that is told with it."""
    extent = await ctx.sources.log.extent()
    missed = await _missed(ctx, watch, cursor, extent) if cursor else None
    pairs = watch.pairs() if missed is None else missed
    skus, places = _sides(pairs)
    levels = await ctx.sources.workplace.stock.levels(skus, places) if pairs else {}
    shown = stock_vector.settled(ctx, skus, places, levels)
    # Another field of this operation may have seen an older version, and this one must show it too. Where that
    # came from has no position here: whoever goes on from this answer is told of everything.
    position = extent.position if shown == levels else 0
    found = tuple((key, shown.get(key)) for key in pairs)
    at = stock_vector.instant(ctx)
    return Update(missed is None, found, extent.log, position, watch.name, watch.near, at=at)


async def _missed(ctx: Context, watch: Watch, cursor: Cursor, extent: Extent) -> Sequence[Key] | None:
    """What of the watched had events after the cursor; None where nobody can say, or it is of something else."""
    if cursor.log != cursors.digest(extent.log) or cursor.watch != watch.name:
        return None
    keys = {stock_key(*pair): pair for pair in watch.pairs()}
    touched = await ctx.sources.log.keys_after(cursor.position, Topic.STOCK_CHANGED, keys)
    return None if touched is None else [pair for key, pair in keys.items() if key in touched]


async def _watch(
    ctx: Context,
    skus: Sequence[str],
    references: Sequence[str] | None,
    *,
    near: Coordinates | None,
    radius_km: float,
    first: int,
) -> Watch:
    """What is to be watched: at the locations named, or at the stores that are the nearest now."""
    wanted = tuple(dict.fromkeys(skus))
    if references is not None:
        named = tuple(dict.fromkeys(references))
        _check_size(len(wanted) * len(named))
        ids = [place.id for place in await locations.all_known(ctx, named)]
    elif near is not None:
        most = paging.checked_first(first, most=MAX_OFFERS)
        around = await locations.nearest(ctx, near, radius_km=radius_km, capability=None, first=most)
        ids = [nearby.location.id for nearby in around]
        _check_size(len(wanted) * max(1, len(ids)))
    else:
        raise BadQuestion("BAD_ARGUMENT", "Say where: give near, or locations.")
    await _check_skus(ctx, wanted, ids)
    rights = ctx.channel.value, ctx.viewer.may(Scope.STOCK_READ)
    places = tuple(dict.fromkeys(ids))
    return Watch(wanted, places, near, cursors.digest(sorted(wanted), sorted(places), rights))


def _check_size(pairs: int) -> None:
    if not 0 < pairs <= MAX_WATCHED:
        raise BadQuestion("TOO_MANY_WATCHED", f"Watch 1 to {MAX_WATCHED} pairs of sku and location, not {pairs}.")


async def _check_skus(ctx: Context, skus: Sequence[str], store_keys: Sequence[str]) -> None:
    found = await catalog.variants_by_skus(ctx, skus, store_keys=store_keys)
    catalog.check_all_known(skus, found)


def _sides(pairs: Sequence[Key]) -> tuple[Sequence[str], Sequence[str]]:
    """The skus and the locations of pairs."""
    return list(dict.fromkeys(sku for sku, _ in pairs)), list(dict.fromkeys(place for _, place in pairs))
