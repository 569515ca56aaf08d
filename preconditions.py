"""What a command needs before it begins, and a sentence where it is missing. Part of the composition root."""

import asyncio
import os
import socket
from collections.abc import Sequence
from pathlib import Path

import compose
import datasources.store.migrate
import settings
import web.tokens
from datasources.ports.errors import SourceError
from settings import Settings
from web.tokens import Tokens


class Refused(Exception):
    """Whoever typed the command can mend it; the message says how."""


def servable(chosen: Settings) -> None:
    """Return when everything that serving needs is there.

    Raises:
        Refused: with everything that is not, and what to do about it.
    """
    if faults := asyncio.run(_faults(chosen)):
        raise Refused("The server cannot start:\n" + "\n".join(f"  {fault}" for fault in faults))
    listenable(chosen.host, chosen.port)


async def _faults(chosen: Settings) -> Sequence[str]:
    found = []
    try:
        issuer(chosen)
    except Refused as refused:
        found.append(str(refused))
    tried = compose.world(chosen)
    asked = (
        ("COMMERCE_DATABASE_URL", tried.store.ping, "is it running, and migrated (`server.py migrate`)?"),
        ("COMMERCE_BUS_URL", tried.bus.ping, "is Redis running there?"),
    )
    for name, ping, hint in asked:
        try:
            await ping()
        except SourceError as fault:
            found.append(f"{name}: {fault}; {hint}")
    await tried.bus.close()
    await tried.store.close()
    return found


def migrated(url: str) -> None:
    """Return when the database has the schema that this code expects.

    Raises:
        Refused: it cannot be opened, or is newer than this code.
    """
    try:
        datasources.store.migrate.migrate(url)
    except SourceError as failure:
        address = settings.without_password(url)
        raise Refused(
            f"The database cannot be brought up to date: {failure.reason}. It is {address} (COMMERCE_DATABASE_URL)"
        ) from failure


def keyed(file: Path) -> None:
    """Return when the key set is there; it is made where it is not.

    Raises:
        Refused: it cannot be written.
    """
    try:
        web.tokens.make_keys(file)
    except OSError as failure:
        raise Refused(f"{file} cannot be written: {failure.strerror}. COMMERCE_JWKS_FILE names another") from failure


def issuer(chosen: Settings) -> Tokens:
    """Whoever issues tokens.

    Raises:
        Refused: there is no key set.
    """
    try:
        return compose.tokens(chosen)
    except (OSError, ValueError) as fault:
        raise Refused(f"COMMERCE_JWKS_FILE: {fault}") from fault


def listenable(host: str, port: int) -> None:
    """Return when an address can be listened on.

    Raises:
        Refused: it is taken, or not this machine's.
    """
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as failure:
        reason = os.strerror(failure.errno) if failure.errno else str(failure)
        raise Refused(
            f"Nobody can listen on {host}:{port}: {reason}. End what listens there, or choose another: "
            "COMMERCE_PORT and COMMERCE_HOST, or `demo --port`"
        ) from failure
