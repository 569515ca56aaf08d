"""Masking: personal data as those see it who may know that it is there, and not what it is (CLI-2)."""

import unicodedata

from domain.members import IdentifierType, Profile

STARS = "****"
_AT_HOME = "+86"


def name(plain: str) -> str:
    """A name's first character: `王*`, `J***`."""
    if not plain:
        return ""
    is_ideograph = "CJK" in unicodedata.name(plain[0], "")
    return plain[0] + ("*" if is_ideograph else "***")


def profile(plain: Profile) -> Profile:
    """A name's first character, and nothing else."""
    return Profile(name=name(plain.name))


def identifier(type: IdentifierType, plain: str) -> str:
    """What is enough to ask somebody whether it is theirs: `138****8000`, `a***@x.com`, the last four of a card."""
    if type is IdentifierType.PHONE:
        return _phone(plain)
    if type is IdentifierType.EMAIL:
        local, _, host = plain.partition("@")
        return f"{local[:1]}***@{host}"
    return STARS + (plain[-4:] if type is IdentifierType.CARD and len(plain) > 8 else "")


def _phone(plain: str) -> str:
    """The first three digits and the last four of one at home; of one abroad its last four, and no more than half."""
    if plain.startswith(_AT_HOME) and len(plain) == len(_AT_HOME) + 11:
        own = plain.removeprefix(_AT_HOME)
        return own[:3] + STARS + own[-4:]
    return f"+{STARS}{plain[-min(4, len(plain) // 3) :]}"
