"""Which random cases a run of the tests takes: others every time, but in CI always the same."""

import os
from collections.abc import Sequence
from random import SystemRandom

START = 0 if os.environ.get("CI") else SystemRandom().randrange(10**9)


def seeds(block: int, count: int) -> Sequence[int]:
    """So many seeds, different in every block."""
    first = START + block * 10_000_000
    return range(first, first + count)
