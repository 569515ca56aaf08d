"""Migrations: bring a database to the schema that this code expects."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic import command
from alembic.config import Config

SCRIPTS = Path(__file__).with_name("migrations")


def migrate(url: str) -> None:
    """Upgrade the database at `url` to the newest revision; nothing happens where it is there already."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    with ThreadPoolExecutor(max_workers=1) as thread:  # the migrations run a loop of their own
        thread.submit(command.upgrade, config, "head").result()


async def migrate_async(url: str) -> None:
    """Do the same from within a running loop."""
    await asyncio.to_thread(migrate, url)
