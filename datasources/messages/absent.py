"""No messages: what is asked to be sent where nobody is configured to send it."""

from typing import TYPE_CHECKING, NoReturn

from datasources.ports.errors import Unavailable


class AbsentSender:
    """Sends nothing."""

    async def send(self, phone: str, code: str, language: str) -> NoReturn:
        raise Unavailable("messages", "not configured")


if TYPE_CHECKING:
    from datasources.ports.messages import CodeSender

    _port: type[CodeSender] = AbsentSender
