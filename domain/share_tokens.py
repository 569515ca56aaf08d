"""Share tokens: a code that an associate sends along with what they recommend, so that the sale counts for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

VALID_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ShareToken:
    """An associate's code; whoever orders with it before `valid_until` was brought by them."""

    code: str
    associate_id: str
    created_at: datetime
    valid_until: datetime

    def holds_at(self, at: datetime) -> bool:
        """Whether an order placed at a moment counts."""
        return self.created_at <= at < self.valid_until


def token(code: str, associate_id: str, *, now: datetime) -> ShareToken:
    """A new one."""
    return ShareToken(code, associate_id, now, now + VALID_FOR)
