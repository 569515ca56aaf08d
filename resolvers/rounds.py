"""Rounds: reservations made, kept longer, confirmed and given back, many in one transaction.

load: the levels of all lines, locked in key order, and what is known of each key → decide: one command after another
over what the ones before it left → write: every level, reservation and event once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import domain.events
import domain.reservations
from datasources.ports.work import ClientKey, Remembered, Work, Workplace
from domain.availability import Sight
from domain.movements import Movement
from domain.refusals.base import Refusal
from domain.reservations import Changed, Decision, Levels, Reservation, ReservationKind
from domain.stock import Key, StockLevel
from resolvers.claims import Claim, again, conflict


@dataclass(frozen=True, slots=True)
class Create:
    """Keep these units; the reservation holds its own idempotency key."""

    wanted: Reservation
    sight: Sight


@dataclass(frozen=True, slots=True)
class Step:
    """Do something to a reservation, which is given as it was read before: its lines do not change, its state may.

    `claim` None: nobody asks twice, as with what the clock does.
    """

    known: Reservation
    decide: Callable[[Reservation, Levels, datetime], Decision]
    claim: Claim | None = None


Command = Create | Step


@dataclass(frozen=True, slots=True)
class Answer:
    """The reservation as it is now, or why nothing was done."""

    reservation: Reservation | None = None
    user_errors: Sequence[Refusal] = ()


async def settle(workplace: Workplace, clock: Callable[[], datetime], commands: Sequence[Command]) -> Sequence[Answer]:
    """Do a round; each answer is durable when it is given."""

    async def one() -> Sequence[Answer]:
        async with workplace.work() as work:
            table = await _loaded(work, commands)
            return await _settled(work, table, commands, now=clock())

    return await again(one)


async def settle_within(work: Work, commands: Sequence[Command], *, now: datetime) -> Sequence[Answer]:
    """Do commands inside somebody's own transaction, with whatever else it changes.

    Raises:
        Raced: another transaction took one of the keys meanwhile; the whole work is to be done anew.
    """
    return await _settled(work, await _loaded(work, commands), commands, now=now)


@dataclass(slots=True)
class _Table:
    """What lies before a round, as the commands leave it one after another."""

    levels: dict[Key, StockLevel]
    by_id: dict[str, Reservation]
    by_key: dict[ClientKey, Reservation]
    remembered: dict[ClientKey, Remembered]
    changed_levels: dict[Key, StockLevel] = field(default_factory=dict)
    changed: dict[str, Reservation] = field(default_factory=dict)
    claimed: dict[ClientKey, Remembered] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)


async def _loaded(work: Work, commands: Sequence[Command]) -> _Table:
    """Lock first, read then: whatever changes a reservation holds the locks of its levels."""
    creates = [command.wanted for command in commands if isinstance(command, Create)]
    steps = [command for command in commands if isinstance(command, Step)]
    lines = [line for reservation in (*creates, *(step.known for step in steps)) for line in reservation.lines]
    claims = {step.claim.owner for step in steps if step.claim}
    levels = await work.stock.locked_known({line.key for line in lines})
    by_key = {(wanted.client, wanted.idempotency_key) for wanted in creates}
    return _Table(
        dict(levels),
        dict(await work.reservations.by_id({step.known.id for step in steps}) if steps else {}),
        dict(await work.reservations.by_key(by_key) if by_key else {}),
        dict(await work.remembered(claims) if claims else {}),
    )


async def _settled(work: Work, table: _Table, commands: Sequence[Command], *, now: datetime) -> Sequence[Answer]:
    answers = [_take(table, command, now) for command in commands]
    await _write(work, table, now)
    return answers


def _take(table: _Table, command: Command, now: datetime) -> Answer:
    return _create(table, command, now) if isinstance(command, Create) else _step(table, command, now)


def _create(table: _Table, command: Create, now: datetime) -> Answer:
    wanted = command.wanted
    former = table.by_key.get((wanted.client, wanted.idempotency_key))
    if former is not None:
        return _as_before(former, former.request_hash == wanted.request_hash, wanted.idempotency_key)
    decision = domain.reservations.create(wanted, table.levels, replace(command.sight, now=now))
    answer = _kept(table, decision)
    if answer.reservation is not None:
        table.by_key[wanted.client, wanted.idempotency_key] = answer.reservation
    return answer


def _step(table: _Table, command: Step, now: datetime) -> Answer:
    reservation, claim = table.by_id[command.known.id], command.claim
    if claim is not None and (former := table.remembered.get(claim.owner)) is not None:
        return _as_before(reservation, former.request_hash == claim.request_hash, claim.key)
    answer = _kept(table, command.decide(reservation, table.levels, now))
    if claim is not None and answer.reservation is not None:
        table.claimed[claim.owner] = table.remembered[claim.owner] = Remembered(claim.request_hash, reservation.id)
    return answer


def _as_before(reservation: Reservation, is_same: bool, key: str) -> Answer:
    """What was answered to a key before, as it stands now."""
    return Answer(reservation) if is_same else Answer(user_errors=(conflict(key),))


def _kept(table: _Table, decision: Decision) -> Answer:
    if not isinstance(decision, Changed):
        return Answer(user_errors=tuple(decision))
    after = decision.reservation
    if table.by_id.get(after.id) != after:
        table.by_id[after.id] = table.changed[after.id] = after
    table.levels.update(decision.levels)
    table.changed_levels.update(decision.levels)
    table.movements += decision.movements
    return Answer(after)


async def _write(work: Work, table: _Table, now: datetime) -> None:
    if table.claimed:
        await work.remember(dict(sorted(table.claimed.items())))
    if table.changed:
        await work.reservations.write(sorted(table.changed.values(), key=_key))
    if table.changed_levels:
        await work.stock.write(list(table.changed_levels.values()), table.movements)
    stores = sorted({store for changed in table.changed.values() if (store := _store_of(changed))})
    told = [domain.events.stock_changed(level) for level in table.changed_levels.values()]
    await work.tell([*told, *(domain.events.tasks_changed(store, now) for store in stores)])


def _key(reservation: Reservation) -> ClientKey:
    """Keys are written in one order by all workers, as levels are locked: nobody waits for who waits for them."""
    return (reservation.client, reservation.idempotency_key)


def _store_of(reservation: Reservation) -> str | None:
    """The store that has something to do about it."""
    is_task = reservation.kind is ReservationKind.STORE_RESERVE
    return reservation.lines[0].location_id if is_task else None
