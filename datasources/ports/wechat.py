"""What we ask of WeChat: who stands behind a code that a mini program was given."""

from typing import NamedTuple, Protocol


class WeChatSession(NamedTuple):
    """Who somebody is to WeChat: within the mini program, and over all programs of the merchant if it says so."""

    openid: str
    unionid: str | None


class WeChat(Protocol):
    """One mini program. Codes come from its front end, work once, and for five minutes."""

    @property
    def app_id(self) -> str:
        """Whose openids these are."""
        ...

    async def session(self, code: str) -> WeChatSession:
        """Say who signed in, of a code of `wx.login`.

        Raises:
            Rejected: it is no such code, or was used before.
            Unavailable, TimedOut, Malformed: WeChat does not answer as it should.
        """
        ...

    async def phone(self, code: str) -> str:
        """Say which phone somebody allowed us to see, with its country, of a code of `getPhoneNumber`.

        Raises:
            As `session`.
        """
        ...
