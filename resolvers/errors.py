"""Questions that cannot be answered as asked: each error has a stable code, and says what to do."""

from datasources.ports.errors import SourceError


class BadQuestion(Exception):
    """The question itself is wrong; `code` is stable, the message is for whoever wrote it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NotAllowed(BadQuestion):
    """The viewer lacks a right."""


def facts(error: BaseException | None) -> dict[str, str | bool] | None:
    """What a client may know of an error: its stable code first; None for a mistake of our own."""
    if isinstance(error, BadQuestion):
        return {"code": error.code}
    if isinstance(error, SourceError):
        return {"code": "SOURCE_UNAVAILABLE", "source": error.source, "retryable": True}
    return None
