"""Chance that is the same on every machine: the demo's dice, one set per question asked.

Never a secret: whoever reads this file can foretell every throw.
"""

import random

SEED = 20261121


def chance(*question: str | int) -> random.Random:
    """Return dice that always fall the same way for the same question, whatever else was thrown before."""
    return random.Random(":".join(map(str, (SEED, *question))))  # noqa: S311  repeatable, not secret
