"""No WeChat: what is asked of it where none is configured."""

from typing import TYPE_CHECKING, NoReturn

from datasources.ports.errors import Unavailable


class AbsentWeChat:
    """Answers nobody."""

    app_id = ""

    async def session(self, code: str) -> NoReturn:
        raise Unavailable("wechat", "not configured")

    async def phone(self, code: str) -> NoReturn:
        raise Unavailable("wechat", "not configured")


if TYPE_CHECKING:
    from datasources.ports.wechat import WeChat

    def _port(absent: AbsentWeChat) -> WeChat:
        return absent
