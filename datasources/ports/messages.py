"""What we ask of whoever brings short messages to phones."""

from typing import Protocol


class CodeSender(Protocol):
    """Sends one-time codes."""

    async def send(self, phone: str, code: str, language: str) -> None:
        """Send a code to a phone, in words of this language (zh, en).

        Raises:
            Rejected: this phone gets none.
            Unavailable, TimedOut: it cannot be sent now.
        """
        ...
