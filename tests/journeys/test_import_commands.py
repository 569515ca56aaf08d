"""Imports as people start them: a process that is stopped, killed and started again, and what it says at its end.

Slow: each test starts processes, and two of them import eight thousand stores so that there is something to stop.
"""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from datasources.files import stores
from datasources.store import rows, tables
from domain.locations import Location
from tests.resolvers.imported import SHOP, Books, jacket, numbered

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, str(ROOT / "server.py"), "import")
STORES = 16_000
LONG_S = 120


@contextmanager
def started(url: str, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """An import that runs."""
    environment = {**os.environ, "COMMERCE_DATABASE_URL": url, "COMMERCE_CONFIG": "", "COLUMNS": "200"}
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(url: str, *arguments: str | Path) -> tuple[int, str]:
    """An import from its beginning to its end: exit code and what it said."""
    with started(url, *arguments) as process:
        said, _ = process.communicate(timeout=LONG_S)
        return process.returncode, said


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """More stores than an import can read before somebody stops it."""
    found = [
        {"id": n, "name": f"{n} 号店", "city": "上海市", "address": f"路 {n} 号", "latitude": 31.2, "longitude": 121.4}
        for n in range(STORES)
    ]
    path = tmp_path / "stores.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def wait_until_it_works(books: Books, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + LONG_S
    while time.monotonic() < deadline and process.poll() is None:
        if books.rows(tables.import_runs):
            return
        time.sleep(0.005)
    pytest.fail(f"the import did not get to work: {process.communicate()[0]}")


def assert_books_equal_a_clean_import(books: Books, path: Path) -> None:
    wanted = [
        rows.location(item) for line in stores.read(path).lines for item in line.items if isinstance(item, Location)
    ]
    assert {row["id"]: row for row in books.rows(tables.locations)} == {row["id"]: row for row in wanted}
    assert sorted(row["key"] for row in books.rows(tables.outbox)) == sorted(row["id"] for row in wanted)


def test_an_import_that_is_killed_loses_its_open_batch_and_nothing_else(migrated_database_url: str, many: Path) -> None:
    books = Books(migrated_database_url)
    with started(migrated_database_url, "stores", many) as process:
        wait_until_it_works(books, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
    (run,) = books.rows(tables.import_runs)
    assert 0 < run["line"] < STORES
    assert len(books.rows(tables.locations)) == len(books.rows(tables.outbox)) == run["line"]
    code, said = ended(migrated_database_url, "stores", many, "--resume")
    assert (code, f"Went on after {run['line']} lines" in said) == (0, True)
    assert_books_equal_a_clean_import(books, many)


def test_ctrl_c_ends_after_the_batch_and_says_how_to_go_on(migrated_sqlite_url: str, many: Path) -> None:
    books = Books(migrated_sqlite_url)
    with started(migrated_sqlite_url, "stores", many) as process:
        wait_until_it_works(books, process)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=LONG_S)
    (run,) = books.rows(tables.import_runs)
    assert process.returncode == 130
    assert f"Stopped after stores.json:{run['line']}" in said
    assert "--resume" in said
    assert ended(migrated_sqlite_url, "stores", many, "--resume")[0] == 0
    assert_books_equal_a_clean_import(books, many)


def test_lines_that_failed_are_shown_and_written_for_a_spreadsheet(migrated_sqlite_url: str, tmp_path: Path) -> None:
    books = Books(migrated_sqlite_url)
    books.take(numbered(SHOP, jacket("M")))
    table, errors = tmp_path / "=stock.csv", tmp_path / "errors.csv"
    table.write_text("货号,门店,数量\nJ1-M,SH001,4\nJ1-M,SH001,-1\nnobody,SH001,1\n", encoding="gb18030")
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        'kind = "stock"\n[columns]\nsku = "货号"\nlocation = "门店"\nquantity = "数量"\n', encoding="utf-8"
    )
    code, said = ended(migrated_sqlite_url, "csv", table, "--map", mapping, "--errors", errors)
    assert code == 1
    assert "=stock.csv:3 数量: -1 is not within 0 and 2000000000" in said
    assert "=stock.csv:4 sku: no variant has the sku 'nobody': import its product first" in said
    with errors.open(encoding="utf-8-sig", newline="") as file:
        found = [(row["file"], row["line"], row["code"]) for row in csv.DictReader(file)]
    assert found == [("'=stock.csv", "3", "NEGATIVE_QUANTITY"), ("'=stock.csv", "4", "UNKNOWN_SKU")]
    assert books.levels() == {("J1-M", "SH001"): 4}


def test_an_input_that_cannot_be_read_at_all_ends_with_two_and_a_sentence(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/new/shop.sqlite3"
    broken = tmp_path / "broken.json"
    broken.write_bytes(b'[{"id": 1,\0')
    code, said = ended(url, "stores", broken)
    assert (code, said.startswith("Cannot read the input. broken.json is no JSON")) == (2, True)
    assert not (tmp_path / "new").exists()


def test_a_dry_run_on_a_fresh_machine_says_what_would_be_and_leaves_no_row(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/new/shop.sqlite3"
    one = tmp_path / "stores.json"
    one.write_text('[{"id": 1, "name": "a", "city": "b", "address": "c", "latitude": 1, "longitude": 2}]')
    code, said = ended(url, "stores", one, "--dry-run")
    assert (code, "This was a dry run: nothing was written." in said) == (0, True)
    assert Books(url).rows(tables.locations) == []
