"""Refusals of somebody who would sign in, or stay signed in."""

from dataclasses import dataclass
from datetime import datetime

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class WechatRefused(Refusal):
    """A code that WeChat does not take: made up, used before, or older than five minutes."""


@dataclass(frozen=True, slots=True)
class PhoneInvalid(Refusal):
    """A text that is no phone number."""

    phone: str


@dataclass(frozen=True, slots=True)
class CodeWrong(Refusal):
    """Another code than the one that was sent last."""


@dataclass(frozen=True, slots=True)
class CodeExpired(Refusal):
    """No code is waiting: it was used, is too old, or was guessed at too often."""


@dataclass(frozen=True, slots=True)
class TooManyTries(Refusal):
    """Who tries again and again has to wait, each time longer."""

    retry_at: datetime


@dataclass(frozen=True, slots=True)
class TabletUnknown(Refusal):
    """A tablet that no administrator made known, or that was given a new key since."""


@dataclass(frozen=True, slots=True)
class PinWrong(Refusal):
    """Not the PIN of an associate who works where the tablet lies."""


@dataclass(frozen=True, slots=True)
class PinWeak(Refusal):
    """A PIN that would be guessed among the first."""

    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class MemberBlocked(Refusal):
    """A member whom the house does not let in."""


@dataclass(frozen=True, slots=True)
class SessionEnded(Refusal):
    """A session that has ended, or a refresh token that was none of it or was used before."""
