"""Refusals of what associates may not do with clients, visits, tasks and commission."""

from dataclasses import dataclass
from datetime import datetime

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class ClientProtected(Refusal):
    """A member who is another associate's client, and cannot be taken over yet."""

    until: datetime


@dataclass(frozen=True, slots=True)
class UnknownAssociate(Refusal):
    """No associate who works here has this id or code."""

    associate: str


@dataclass(frozen=True, slots=True)
class SameAssociate(Refusal):
    """Clients handed over from somebody to themself."""

    associate: str


@dataclass(frozen=True, slots=True)
class UnknownClientTask(Refusal):
    """No task of yours has this id."""

    task: str


@dataclass(frozen=True, slots=True)
class KindNotByHand(Refusal):
    """A task of a kind that is derived from what happens, and made by nobody."""

    kind: str


@dataclass(frozen=True, slots=True)
class WrongPeriod(Refusal):
    """A period that ends before it begins, or after now."""
