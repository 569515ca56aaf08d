"""Writing the book of stock: counts and movements into levels, lines and events, inside somebody's transaction."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import domain.events
import domain.stock
from datasources.ports.work import Work
from domain.stock import Adjustment, Count, Key, Movement, Outcome, StockLevel


async def record(work: Work, entries: Sequence[Count | Adjustment], *, source: str, now: datetime) -> Sequence[Outcome]:
    """Take entries into the book in the order given, one outcome each; tell of every level that changed, once."""
    if not entries:
        return []
    levels = dict(await work.stock.locked({entry.key for entry in entries}))
    later = await _later(work, [entry for entry in entries if isinstance(entry, Count)])
    told = [entry.event_id for entry in entries if isinstance(entry, Adjustment)]
    seen = set(await work.stock.seen(source, told)) if told else set()
    outcomes: list[Outcome] = []
    for entry in entries:
        outcome = _decide(entry, levels.get(entry.key), later=later[entry.key], seen=seen, source=source, now=now)
        if outcome.movement is not None and outcome.level is not None:
            levels[entry.key] = outcome.level
            later[entry.key].append(outcome.movement)
            seen.add(outcome.movement.event_id)
        outcomes.append(outcome)
    await _write(work, outcomes)
    return outcomes


async def _later(work: Work, counts: Sequence[Count]) -> defaultdict[Key, list[Movement]]:
    """What happened after the oldest of these counts, per key."""
    later: defaultdict[Key, list[Movement]] = defaultdict(list)
    if counts:
        since = min(count.observed_at for count in counts)
        for movement in await work.stock.movements_after({count.key for count in counts}, since):
            later[movement.key].append(movement)
    return later


def _decide(
    entry: Count | Adjustment,
    level: StockLevel | None,
    *,
    later: Sequence[Movement],
    seen: set[str],
    source: str,
    now: datetime,
) -> Outcome:
    if isinstance(entry, Count):
        return domain.stock.observe(level, entry, later=later, source=source, now=now)
    return domain.stock.adjust(level, entry, seen=entry.event_id in seen, source=source, now=now)


async def _write(work: Work, outcomes: Sequence[Outcome]) -> None:
    movements = [outcome.movement for outcome in outcomes if outcome.movement is not None]
    changed = {o.level.key: o.level for o in outcomes if o.movement is not None and o.level is not None}
    await work.stock.write(list(changed.values()), movements)
    await work.tell([domain.events.stock_changed(level) for level in changed.values()])
