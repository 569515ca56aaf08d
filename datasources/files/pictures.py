"""Pictures of an import: copied to where they are served from, each whole or not at all."""

import os
import shutil
from pathlib import Path

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif"})


def copy(folder: Path, target: Path) -> int:
    """Copy the pictures that are new or changed, and return how many; anything but pictures stays behind."""
    found = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    if not found:
        return 0
    target.mkdir(parents=True, exist_ok=True)
    return sum(_copy(path, target / path.name) for path in found)


def _copy(path: Path, target: Path) -> bool:
    if target.exists() and target.stat().st_size == path.stat().st_size:
        return False
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    shutil.copyfile(path, part)
    part.replace(target)
    return True
