"""Client tasks: what an associate is to do for a client, and by when.

Some are made by hand and kept; others are derived from what there is, and kept only once they are closed, so that they
do not come back. Knows no clock: the day, where the store is, is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

import domain.birthdays
from domain.refusals.base import Path
from domain.refusals.general import TransitionRefused
from domain.reservations import Reservation


class ClientTaskKind(Enum):
    """What is to be done for a client."""

    FOLLOW_UP = "FOLLOW_UP"
    PICKUP = "PICKUP"
    BIRTHDAY = "BIRTHDAY"
    ABANDONED_BROWSE = "ABANDONED_BROWSE"


class ClientTaskState(Enum):
    """Where it stands; both others are final."""

    OPEN = "OPEN"
    DONE = "DONE"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, slots=True)
class ClientTask:
    """Something to do for a member by `due_on`, a day where the store is. `closed_at` and `result` say how it ended."""

    id: str
    kind: ClientTaskKind
    member_id: str
    associate_id: str
    due_on: date
    since: datetime
    note: str = ""
    state: ClientTaskState = ClientTaskState.OPEN
    closed_at: datetime | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """A member looked at a product so many times of late, and then no more."""

    member_id: str
    product_id: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Abandonment:
    """When looking at something counts as abandoned: so often within a time, and then not at all for so long."""

    times: int = 3
    within: timedelta = timedelta(days=7)
    quiet: timedelta = timedelta(hours=24)


def close(
    task: ClientTask, to: ClientTaskState, *, result: str, path: Path, now: datetime
) -> ClientTask | TransitionRefused:
    """Say that it is done, or not to be done; once."""
    if task.state is not ClientTaskState.OPEN or to is ClientTaskState.OPEN:
        return TransitionRefused(path, task.state.value, to.value, allowed(task))
    return replace(task, state=to, closed_at=now, result=result)


def allowed(task: ClientTask) -> tuple[str, ...]:
    """The states it can go to."""
    is_open = task.state is ClientTaskState.OPEN
    return (ClientTaskState.DONE.value, ClientTaskState.DISMISSED.value) if is_open else ()


def birthdays(
    associate_id: str, clients: Mapping[str, date], *, today: date, ahead_days: int, now: datetime
) -> Sequence[ClientTask]:
    """A task for each client (member to birthday) who celebrates between today and so many days later."""
    nexts = {member: domain.birthdays.next_on(birthday, today) for member, birthday in clients.items()}
    return [
        ClientTask(f"birthday-{member}-{on.year}", ClientTaskKind.BIRTHDAY, member, associate_id, on, now)
        for member, on in nexts.items()
        if (on - today).days <= ahead_days
    ]


def pickups(associate_id: str, kept: Mapping[str, Iterable[Reservation]], *, time_zone: str) -> Sequence[ClientTask]:
    """A task for each reservation that waits for a client (by member), to be fetched until it expires."""
    return [
        ClientTask(
            f"pickup-{one.id}",
            ClientTaskKind.PICKUP,
            member,
            associate_id,
            domain.birthdays.day_at(one.expires_at, time_zone),
            one.created_at,
        )
        for member, reservations in kept.items()
        for one in reservations
    ]


def abandoned(
    associate_id: str,
    looked: Iterable[Looked],
    bought: Mapping[tuple[str, str], datetime],
    rule: Abandonment,
    *,
    today: date,
    now: datetime,
) -> Sequence[ClientTask]:
    """A task for each product that a client looked at again and again and let lie; whoever still looks is left alone.

    `bought` says when (member, product) was ordered last: what was bought within the time was not abandoned.
    """
    return [
        ClientTask(
            f"browse-{one.member_id}-{one.product_id}-{one.last_at:%Y%m%d}",
            ClientTaskKind.ABANDONED_BROWSE,
            one.member_id,
            associate_id,
            today,
            one.last_at,
            note=one.product_id,
        )
        for one in looked
        if one.times >= rule.times and now - rule.within <= one.last_at <= now - rule.quiet
        if bought.get((one.member_id, one.product_id), now - 2 * rule.within) < now - rule.within
    ]


def waiting(kept: Iterable[ClientTask], derived: Iterable[ClientTask]) -> Sequence[ClientTask]:
    """What is to be done, the first day first: what is derived and was closed before is not (`kept` holds that)."""
    known = {task.id: task for task in [*derived, *kept]}
    is_open = (task for task in known.values() if task.state is ClientTaskState.OPEN)
    return sorted(is_open, key=lambda task: (task.due_on, task.since, task.id))
