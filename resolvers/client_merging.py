"""What becomes of bindings, visits, notes and tasks when members are merged, parted again, or forgotten."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import domain.bindings
from datasources.ports.work import Work
from domain.visits import Visit


async def join(work: Work, *, absorbed: str, survivor: str, now: datetime) -> dict[str, Any]:
    """Give the survivor what is kept of the absorbed; return what `part` needs to give it back.

    Who looks after the survivor goes on to do so; only where nobody does, whoever looked after the absorbed follows.
    Bindings that have ended stay with the absorbed, as history.
    """
    given = await work.client_tasks.give(owner=absorbed, to=survivor)
    before = {id: await work.clients.visits_of(id) for id in (absorbed, survivor)}
    await work.clients.came(_latest([*before[absorbed], *before[survivor]], survivor))
    await work.clients.forget_visits(absorbed)
    return {
        "absorbed": absorbed,
        "survivor": survivor,
        "given": {kind: list(moved) for kind, moved in given.items()},
        "visits": {id: _packed(visits) for id, visits in before.items()},
        "bindings": await _join_bindings(work, absorbed, survivor, now),
    }


async def part(work: Work, record: dict[str, Any], *, now: datetime) -> None:
    """Undo a join: what was the absorbed's is theirs again; who came in meanwhile, came as the survivor."""
    absorbed, survivor = record["absorbed"], record["survivor"]
    was, had = record["visits"][absorbed], record["visits"][survivor]
    await work.client_tasks.give(owner=survivor, to=absorbed, only=record["given"])
    joined = {one.location_id: one for one in _latest([*_unpacked(absorbed, was), *_unpacked(survivor, had)], survivor)}
    since = [one for one in await work.clients.visits_of(survivor) if one != joined.get(one.location_id)]
    await work.clients.forget_visits(survivor)
    await work.clients.came(_unpacked(absorbed, was))
    await work.clients.came(_latest([*_unpacked(survivor, had), *since], survivor))
    await _part_bindings(work, record["bindings"], absorbed, survivor, now)


async def forget(work: Work, member_id: str, *, now: datetime) -> None:
    """Keep nothing personal: notes, tasks and visits go, and nobody looks after them any more."""
    await work.client_tasks.forget(member_id)
    await work.clients.forget_visits(member_id)
    current = (await work.clients.open([member_id])).get(member_id)
    if current is not None:
        await work.clients.write([domain.bindings.ended(current, now)])


async def _join_bindings(work: Work, absorbed: str, survivor: str, now: datetime) -> dict[str, str]:
    current = await work.clients.open([absorbed, survivor])
    if (theirs := current.get(absorbed)) is None:
        return {}
    own, changed = current.get(survivor), [domain.bindings.ended(theirs, now)]
    follows = now < theirs.valid_until and (own is None or now >= own.valid_until)
    if follows and own is not None:
        changed.append(domain.bindings.ended(own, now))
    if follows:
        changed.append(replace(theirs, id=uuid.uuid4().hex, member_id=survivor, since=now))
    await work.clients.write(changed)
    return {"ended": theirs.id} | ({"began": changed[-1].id} if follows else {})


async def _part_bindings(work: Work, record: dict[str, str], absorbed: str, survivor: str, now: datetime) -> None:
    current = (await work.clients.open([survivor])).get(survivor)
    if current is not None and current.id == record.get("began"):
        await work.clients.write([domain.bindings.ended(current, now)])
    history = (await work.clients.history([absorbed])).get(absorbed, ())
    await work.clients.write([replace(one, ended_at=None) for one in history if one.id == record.get("ended")])


def _latest(visits: Sequence[Visit], member_id: str) -> Sequence[Visit]:
    """One member's visits, made of those of several: by location, the last."""
    last: dict[str, datetime] = {}
    for one in visits:
        last[one.location_id] = max(one.last_at, last.get(one.location_id, one.last_at))
    return [Visit(location_id, member_id, at) for location_id, at in sorted(last.items())]


def _packed(visits: Sequence[Visit]) -> dict[str, str]:
    return {one.location_id: one.last_at.isoformat() for one in visits}


def _unpacked(member_id: str, packed: dict[str, str]) -> Sequence[Visit]:
    return [Visit(location_id, member_id, datetime.fromisoformat(at)) for location_id, at in packed.items()]
