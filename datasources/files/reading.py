"""What every reader gives: lines to import, how many there are, and a name for the content they came from."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.imports import Line

MOST_ON_A_LINE = 8
"""How many names a message lists before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input that could be opened. `id` stays the same as long as nobody changes the files."""

    id: str
    lines: Iterable[Line]
    total: int


def identity(kind: str, contents: Iterable[bytes]) -> str:
    """Name content by its kind and its hash."""
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return f"{kind}:{digest.hexdigest()}"


def slug(text: str) -> str:
    """Make words part of an address: small letters and digits of any script, single hyphens."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain.casefold()).strip("-")


def listed(names: Sequence[str]) -> str:
    """Write names into a message, not more than it can hold."""
    more = len(names) - MOST_ON_A_LINE
    return ", ".join(names[:MOST_ON_A_LINE]) + (f" and {more} more" if more > 0 else "")
