"""Bindings: which associate a member is the client of, from when and until when, and who may take them over.

Validity and protection are separate periods: while it is valid, what the member buys counts for the associate; while
it is protected, no other associate's scan ends it. Contact renews both. What has ended is kept: a purchase counts for
whoever the member was bound to when they bought.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from domain.refusals.base import Path, Refusal
from domain.refusals.clients import ClientProtected


class BindingSource(Enum):
    """How somebody became a client."""

    SCAN = "SCAN"
    REGISTRATION = "REGISTRATION"
    ASSIGNMENT = "ASSIGNMENT"


@dataclass(frozen=True, slots=True)
class Periods:
    """How long a binding holds, and how long nobody else can take it over, both from the last contact on."""

    valid: timedelta = timedelta(days=180)
    protected: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Binding:
    """A member who is an associate's client. `ended_at` is when another binding, or nobody, took its place."""

    id: str
    member_id: str
    associate_id: str
    since: datetime
    valid_until: datetime
    protected_until: datetime
    source: BindingSource
    ended_at: datetime | None = None

    def is_active_at(self, at: datetime) -> bool:
        """Whether it holds at a moment, by the clock: nobody needs to have written down that it ran out."""
        return self.since <= at < min(self.valid_until, self.ended_at or self.valid_until)


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody would have a member for a client. `id` names the binding that this may become."""

    id: str
    member_id: str
    associate_id: str
    source: BindingSource


@dataclass(frozen=True, slots=True)
class Bound:
    """What is to be written: the one that ends, if any does, before the one that holds now."""

    now: Binding
    ended: Binding | None = None


def bind(
    wish: Wish, current: Binding | None, periods: Periods, *, is_free: bool = False, path: Path, now: datetime
) -> Bound | Refusal:
    """Bind a member, given the one binding that nobody has ended (it may have run out).

    The same associate again is contact, and renews it. Another one takes over what is not protected; an assignment,
    which is the merchant's own decision, takes over whatever there is. `is_free`: who holds it has left.
    """
    if current is None:
        return Bound(_new(wish, periods, now))
    if now < current.valid_until and current.associate_id == wish.associate_id:
        return Bound(renewed(current, periods, now))
    is_kept = now < min(current.protected_until, current.valid_until)  # even if it began at a clock ahead of ours
    if is_kept and not is_free and wish.source is not BindingSource.ASSIGNMENT:
        return ClientProtected(path, current.protected_until)
    return Bound(_new(wish, periods, now), ended(current, now))


def renewed(binding: Binding, periods: Periods, now: datetime) -> Binding:
    """The same after a contact: it holds, and is protected, for the whole periods again, and never for less."""
    valid, protected = now + periods.valid, now + periods.protected
    return replace(
        binding,
        valid_until=max(binding.valid_until, valid),
        protected_until=max(binding.protected_until, protected),
    )


def ended(binding: Binding, now: datetime) -> Binding:
    """The same, over: from now on, or since it ran out."""
    return replace(binding, ended_at=max(binding.since, min(now, binding.valid_until)))


def handed_over(binding: Binding, wish: Wish, periods: Periods, now: datetime) -> Bound:
    """Another associate follows the one that leaves; what was before stays as it was (CLI-6)."""
    return Bound(_new(wish, periods, now), ended(binding, now))


def held_at(bindings: Iterable[Binding], at: datetime) -> Binding | None:
    """The one of a member's bindings that held at a moment (CLI-5: there is no second)."""
    return next((one for one in bindings if one.is_active_at(at)), None)


def _new(wish: Wish, periods: Periods, now: datetime) -> Binding:
    return Binding(
        id=wish.id,
        member_id=wish.member_id,
        associate_id=wish.associate_id,
        since=now,
        valid_until=now + periods.valid,
        protected_until=now + periods.protected,
        source=wish.source,
    )
