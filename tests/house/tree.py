"""The project's files, as a reader of a clone sees them: without what installs, caches and runs leave behind."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NOT_OURS = {".git", ".venv", "node_modules", "__pycache__", "var", ".env", "commerce.toml", ".DS_Store"}
_GENERATED_SUFFIXES = {".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".db", ".db-wal", ".db-shm", ".log", ".pyc"}


def files(*suffixes: str) -> list[Path]:
    """Every file of ours with one of the suffixes; of any kind when none is given."""
    return sorted(path for path in _walk(ROOT) if not suffixes or path.suffix in suffixes)


def name(path: Path) -> str:
    """How a reader calls a file: its path from the root."""
    return path.relative_to(ROOT).as_posix()


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _NOT_OURS or path.name.endswith("_cache") or path.name == ".hypothesis":
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.suffix not in _GENERATED_SUFFIXES:
            yield path
