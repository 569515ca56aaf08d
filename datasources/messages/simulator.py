"""Messages that reach no phone: one-time codes are written to the log, to develop against."""

from typing import TYPE_CHECKING

import structlog

REMEMBERED = 1_000
"""Phones whose last code can be looked up."""

log = structlog.get_logger()


class SimulatedSender:
    """Tells the log what it would send, and remembers the last code of each phone."""

    def __init__(self) -> None:
        self.last: dict[str, str] = {}

    async def send(self, phone: str, code: str, language: str) -> None:
        self.last.pop(phone, None)
        self.last[phone] = code
        if len(self.last) > REMEMBERED:
            del self.last[next(iter(self.last))]
        log.info("one-time code", phone=phone, code=code)


if TYPE_CHECKING:
    from datasources.ports.messages import CodeSender

    _port: type[CodeSender] = SimulatedSender
