"""What we ask of whoever keeps what people sign in with: one-time codes, tablets and PINs, and who tried in vain."""

from typing import Protocol

from domain.codes_once import OneTimeCode
from domain.tablets import Credentials, Tablet
from domain.throttle import Tries


class CodeBook(Protocol):
    """One-time codes inside a unit of work: one for each phone at most."""

    async def locked(self, phone: str) -> OneTimeCode | None:
        """The code that was sent to a phone last; nobody else reads or writes it until the work ends."""
        ...

    async def write(self, code: OneTimeCode) -> None:
        """Keep a code, instead of the one that was there."""
        ...

    async def forget(self, phone: str) -> None:
        """Keep none."""
        ...


class TryBook(Protocol):
    """Who tried in vain, inside a unit of work. `subject` is a digest: neither phones nor names are kept."""

    async def locked(self, subject: str) -> Tries:
        """How often somebody tried; nobody else reads or writes it until the work ends."""
        ...

    async def write(self, subject: str, tries: Tries) -> None:
        """Keep it."""
        ...

    async def forget(self, subject: str) -> None:
        """Keep nothing of it."""
        ...


class TabletBook(Protocol):
    """Tablets, and the PINs of associates, inside a unit of work."""

    async def tablet(self, id: str) -> Tablet | None:
        """The tablet of this id."""
        ...

    async def write(self, tablet: Tablet) -> None:
        """Keep a tablet, instead of what was known of it."""
        ...

    async def credentials(self, associate_id: str) -> Credentials | None:
        """What an associate signs in with."""
        ...

    async def set_pin(self, associate_id: str, pin_hash: str) -> None:
        """Keep the hash of an associate's PIN, instead of the one that was there."""
        ...
