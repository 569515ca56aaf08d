"""What every refusal is: where in the input it arose, its facts, and a stable name for machines.

A new kind is one class in the file of its topic here, and one in the same file of `schema/refusals/`.
"""

from dataclasses import dataclass
from typing import ClassVar

Path = tuple[str | int, ...]
"""Where in the input: names and list indices from the mutation's argument down."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why something was not done. The first line of a kind's docstring is what clients read of it."""

    code: ClassVar[str]
    path: Path

    def __init_subclass__(cls) -> None:
        cls.code = "".join(f"_{c}" if c.isupper() and i else c for i, c in enumerate(cls.__name__)).upper()
        KINDS[cls.__name__] = cls  # twice: a dataclass with slots is made anew, and the second one is it


KINDS: dict[str, type[Refusal]] = {}
"""Every kind by the name of its class, as receipts keep it."""
