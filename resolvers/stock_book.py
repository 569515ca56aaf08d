"""Writing the book of stock: counts and movements into levels, lines and events, inside somebody's transaction."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import domain.events
import domain.ledger
from datasources.ports.work import Work
from domain.movements import Adjustment, Count, Movement, Outcome, Shift
from domain.stock import Key, StockLevel

Entry = Count | Adjustment | Shift


async def record(work: Work, entries: Sequence[Entry], *, source: str, now: datetime) -> Sequence[Outcome]:
    """Take entries into the book in the order given, one outcome each; tell of every level that changed, once."""
    if not entries:
        return []
    before = await work.stock.locked({entry.key for entry in entries})
    levels = dict(before)
    later = await _later(work, [entry for entry in entries if isinstance(entry, Count)])
    told = [entry.event_id for entry in entries if not isinstance(entry, Count)]
    seen = set(await work.stock.seen(source, told)) if told else set()
    outcomes: list[Outcome] = []
    for entry in entries:
        outcome = _decide(entry, levels.get(entry.key), later=later[entry.key], seen=seen, source=source, now=now)
        if outcome.movement is not None and outcome.level is not None:
            levels[entry.key] = outcome.level
            later[entry.key].append(outcome.movement)
            seen.add(outcome.movement.event_id)
        outcomes.append(outcome)
    changed = [level for key, level in levels.items() if level is not before.get(key)]
    await work.stock.write(changed, [outcome.movement for outcome in outcomes if outcome.movement is not None])
    await work.tell([domain.events.stock_changed(level) for level in changed])
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
    entry: Entry,
    level: StockLevel | None,
    *,
    later: Sequence[Movement],
    seen: set[str],
    source: str,
    now: datetime,
) -> Outcome:
    if isinstance(entry, Count):
        return domain.ledger.observe(level, entry, later=later, source=source, now=now)
    return domain.ledger.adjust(level, entry, seen=entry.event_id in seen, source=source, now=now)
