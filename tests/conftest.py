"""What every test may ask for: databases and buses of its own, empty or migrated, on each engine.

Holds no test data. `database_url`, `migrated_database_url` and `bus_url` run a test once per engine.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

from tests import servers
from tests.servers import Databases
from tests.throwaway import NoServer

# Two busy cores make any deadline a coin toss; CI must fail the same way twice.
hypothesis.settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
hypothesis.settings.load_profile("house")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once why tests were skipped, and how many."""
    skipped = Counter(str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ()))
    for reason, count in skipped.most_common():
        terminalreporter.write_line(f"{count} tests are {reason[0].lower()}{reason[1:]}")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database, once per engine."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgres"])
def migrated_database_url(request: pytest.FixtureRequest) -> str:
    """A database with all tables and no rows, once per engine."""
    return str(request.getfixturevalue(f"migrated_{request.param}_url"))


@pytest.fixture(params=["memory", "redis"])
def bus_url(request: pytest.FixtureRequest) -> str:
    """A bus that nobody else speaks on, once per kind."""
    return "memory://" if request.param == "memory" else str(request.getfixturevalue("redis_url"))


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return _sqlite(tmp_path / "empty.sqlite3")


@pytest.fixture
def empty_postgres_url(postgres_databases: Databases) -> Iterator[str]:
    with postgres_databases.fresh() as url:
        yield url


@pytest.fixture
def migrated_sqlite_url(tmp_path: Path, migrated_sqlite_template: Path) -> str:
    return _sqlite(Path(shutil.copyfile(migrated_sqlite_template, tmp_path / "migrated.sqlite3")))


@pytest.fixture
def migrated_postgres_url(postgres_databases: Databases, migrated_postgres_template: str) -> Iterator[str]:
    with postgres_databases.fresh(template=migrated_postgres_template) as url:
        yield url


@pytest.fixture
def redis_url(redis_database: str) -> str:
    """An empty Redis database of this worker's own."""
    servers.flush(redis_database)
    return redis_database


@pytest.fixture(scope="session")
def migrated_sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    _migrate(_sqlite(path))
    return path


@pytest.fixture(scope="session")
def migrated_postgres_template(postgres_databases: Databases) -> Iterator[str]:
    with postgres_databases.fresh() as url:
        _migrate(url)
        yield url


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Databases]:
    """One PostgreSQL per worker, on which each test gets databases of its own."""
    with ExitStack() as stack:
        try:
            databases = stack.enter_context(Databases(stack.enter_context(servers.postgres())))
        except NoServer as missing:
            _without(missing)
        yield databases


@pytest.fixture(scope="session")
def redis_database() -> Iterator[str]:
    """One Redis database per worker, ours to flush."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(servers.redis_database(stack.enter_context(servers.redis())))
        except NoServer as missing:
            _without(missing)
        yield url


def _without(missing: NoServer) -> None:
    """Skip what needs the server, or fail where REQUIRE_SERVERS says that it must be there."""
    if os.environ.get("REQUIRE_SERVERS") == "1":
        pytest.fail(f"REQUIRE_SERVERS=1, but {missing}")
    pytest.skip(str(missing))


def _sqlite(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def _migrate(url: str) -> None:
    from datasources.store.migrate import migrate  # here, so that tests of domain/ do not load the database layer

    migrate(url)
