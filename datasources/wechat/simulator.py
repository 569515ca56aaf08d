"""A WeChat of our own, to develop against: whoever shows a code is let in, and is the same person every time.

A code is `person`, or `person:anything` to have another one of the same person, for each works once, as WeChat's do.
`bad…` is refused; `solo…` has no unionid. A code for a phone may name it: `13800138000`, or `13800138000:2`.
"""

import hashlib
from typing import TYPE_CHECKING

from datasources.ports.errors import Rejected
from datasources.ports.wechat import WeChatSession

SOURCE = "wechat-simulator"
REMEMBERED = 10_000
"""Codes that are known to have been used."""


class SimulatedWeChat:
    """Knows everybody, by the codes they show."""

    app_id = "wx-simulated"

    def __init__(self) -> None:
        self._used: dict[str, None] = {}

    async def session(self, code: str) -> WeChatSession:
        person = self._person(f"session {code}", code)
        unionid = None if person.startswith("solo") else "u" + _digits_of(f"union {person}")[:27]
        return WeChatSession("o" + _digits_of(f"{self.app_id} {person}")[:27], unionid)

    async def phone(self, code: str) -> str:
        person = self._person(f"phone {code}", code)
        is_number = person.removeprefix("+").isdigit()
        return person if is_number else f"+86138{int(_digits_of(f'phone {person}'), 16) % 10**8:08d}"

    def _person(self, use: str, code: str) -> str:
        person = code.partition(":")[0].strip()
        if not person or person.startswith("bad") or use in self._used:
            raise Rejected(SOURCE, "invalid code")
        self._used[use] = None
        if len(self._used) > REMEMBERED:
            del self._used[next(iter(self._used))]
        return person


def _digits_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if TYPE_CHECKING:
    from datasources.ports.wechat import WeChat

    def _port(simulated: SimulatedWeChat) -> WeChat:
        return simulated
