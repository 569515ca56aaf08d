"""Real files that stand beside the project on the machines that check it, and nowhere else."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def real(name: str) -> Path:
    """A path in the shared data, or a skip."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the real {name} is not on this machine (expected in ../shared/data)")
    return path
