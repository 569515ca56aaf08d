"""Questions that cannot be answered as asked: each error has a stable code, and says what to do."""

from datasources.ports.errors import SourceError
from domain.consents import Purpose


class BadQuestion(Exception):
    """The question itself is wrong; `code` is stable, the message is for whoever wrote it, `facts` are for machines."""

    def __init__(self, code: str, message: str, **facts: str) -> None:
        super().__init__(message)
        self.code = code
        self.facts = facts


class NotAllowed(BadQuestion):
    """The viewer lacks a right."""


class Unauthenticated(NotAllowed):
    """Nobody vouches for the viewer, or no longer; `reason` is TOKEN_INVALID, TOKEN_EXPIRED or SESSION_ENDED."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__("UNAUTHENTICATED", message, reason=reason)
        self.reason = reason


class ConsentRequired(BadQuestion):
    """What a member has not allowed is not shown; everything else is (MEM-8)."""

    def __init__(self, purpose: Purpose) -> None:
        super().__init__("CONSENT_REQUIRED", f"The member has not granted {purpose.value}.", purpose=purpose.value)


def facts(error: BaseException | None) -> dict[str, str | bool] | None:
    """What a client may know of an error: its stable code first; None for a mistake of our own."""
    if isinstance(error, BadQuestion):
        return {"code": error.code, **error.facts}
    if isinstance(error, SourceError):
        return {"code": "SOURCE_UNAVAILABLE", "source": error.source, "retryable": True}
    return None
