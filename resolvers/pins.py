"""PINs: hashed so that whoever reads them has to try each one for long, and compared without telling by the time."""

import asyncio
import hashlib
import hmac
import secrets

COST = {"n": 2**14, "r": 8, "p": 1}
"""scrypt's: 16 MB and some 50 ms a try."""
NOBODY = "0" * 32 + ":" + "0" * 128
"""Of nobody: who is unknown is compared as well, and takes as long."""


async def hashed(pin: str) -> str:
    """Hash a PIN."""
    salt = secrets.token_hex(16)
    return f"{salt}:{await _digest(pin, salt)}"


async def is_right(pin: str, pin_hash: str | None) -> bool:
    """Say whether a PIN is the one that was hashed; never, where there is none."""
    salt, _, digest = (pin_hash or NOBODY).partition(":")
    return hmac.compare_digest(await _digest(pin, salt), digest) and pin_hash is not None


async def _digest(pin: str, salt: str) -> str:
    """In a thread, for it is long; hashlib lets others work meanwhile."""
    return (await asyncio.to_thread(hashlib.scrypt, pin.encode(), salt=salt.encode(), **COST)).hex()
