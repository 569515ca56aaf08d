"""Migrations: bring a database to the schema that this code expects."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from datasources.ports.errors import Unavailable
from datasources.store.engine import SOURCE

SCRIPTS = Path(__file__).with_name("migrations")


def migrate(url: str) -> None:
    """Upgrade the database at `url` to the newest revision; nothing happens where it is there already.

    SQLite makes its file, we the folder around it.

    Raises:
        Unavailable: it cannot be opened, or is newer than this code.
    """
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    try:
        if (file := make_url(url).database) and url.startswith("sqlite"):
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(max_workers=1) as thread:  # the migrations run a loop of their own
            thread.submit(command.upgrade, config, "head").result()
    except (OSError, SQLAlchemyError, CommandError) as failure:
        raise Unavailable(SOURCE, str(getattr(failure, "orig", failure))) from failure


async def migrate_async(url: str) -> None:
    """Do the same from within a running loop."""
    await asyncio.to_thread(migrate, url)
