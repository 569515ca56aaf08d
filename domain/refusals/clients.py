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
    """Nobody who works here has this id or code, or nobody for whom you may act."""

    associate: str


@dataclass(frozen=True, slots=True)
class WeComUserTaken(Refusal):
    """An id at WeCom that is another associate's."""

    we_com_user_id: str


@dataclass(frozen=True, slots=True)
class SameAssociate(Refusal):
    """Clients handed over from somebody to themself."""

    associate: str


@dataclass(frozen=True, slots=True)
class UnknownClientTask(Refusal):
    """No task of yours has this id."""

    task: str


@dataclass(frozen=True, slots=True)
class WrongPeriod(Refusal):
    """A statement up to a moment that is yet to come."""
