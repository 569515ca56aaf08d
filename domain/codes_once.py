"""One-time codes: six digits that prove a phone, for five minutes, at most five tries, and once.

Only a digest of them is kept. Chance comes from whoever makes them.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

DIGITS = 6
LIFETIME = timedelta(minutes=5)
TRIES = 5


class Verdict(Enum):
    """What becomes of somebody who shows a code."""

    RIGHT = "RIGHT"
    WRONG = "WRONG"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """The code that was sent to a phone last; an older one holds no longer."""

    phone: str
    salt: str
    digest: str
    expires_at: datetime
    tries_left: int = TRIES


def made(phone: str, digits: str, *, salt: str, now: datetime) -> OneTimeCode:
    """What is kept of a code that is sent now."""
    return OneTimeCode(phone, salt, _digest(digits, salt), now + LIFETIME)


def judged(code: OneTimeCode | None, shown: str, now: datetime) -> tuple[Verdict, OneTimeCode | None]:
    """Judge what somebody shows, and say what is kept of the code from now on; None: nothing.

    EXPIRED is also said where none was sent, or the last one was used or guessed at too often.
    """
    if code is None or now >= code.expires_at:
        return Verdict.EXPIRED, None
    if hmac.compare_digest(_digest(shown, code.salt), code.digest):
        return Verdict.RIGHT, None
    left = code.tries_left - 1
    return Verdict.WRONG, replace(code, tries_left=left) if left > 0 else None


def _digest(digits: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}:{digits}".encode()).hexdigest()
