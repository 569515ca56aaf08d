"""Commands that cannot go on: each says what is wrong and what to do, in a sentence and without a traceback."""

import json
import socket
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests.journeys.house import ROOT, House, free_port

NOWHERE = "postgresql+asyncpg://shop:secret@127.0.0.1:1/none"


def refused(house: House, *arguments: str, **chosen: str) -> str:
    """What a command says that ends with 2."""
    done = run(house, arguments, {f"COMMERCE_{name.upper()}": value for name, value in chosen.items()})
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
    assert done.stdout == ""
    return done.stderr


def run(house: House, arguments: tuple[str, ...], chosen: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "server.py"), *arguments],
        cwd=house.directory,
        env={**house.environment, **chosen},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_all_that_is_wrong_with_the_settings_is_told_at_once(house: House) -> None:
    (house.directory / ".env").write_text("COMMERCE_CURENCY=EUR\nSHOP=1\n")
    told = refused(
        house,
        "keys",
        prot="8000",
        config="nowhere.toml",
        allowed_origins="https://shop.example",
        database_url="postgres://shop:secret@db/shop",
        log_level="loud",
    )
    assert told.splitlines()[1:] == [
        "  COMMERCE_PROT is no setting: did you mean COMMERCE_PORT? .env.example lists them all",
        "  COMMERCE_CONFIG: there is no file nowhere.toml",
        (
            "  COMMERCE_DATABASE_URL: write sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME"
            " (it is 'postgres://shop:***@db/shop')"
        ),
        (
            '  COMMERCE_ALLOWED_ORIGINS: write it as JSON, such as ["https://shop.example"] or {"pos": 5}'
            " (it is 'https://shop.example')"
        ),
        "  COMMERCE_LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error' (it is 'loud')",
        "  COMMERCE_CURENCY is no setting: did you mean COMMERCE_CURRENCY? .env.example lists them all",
        "  COMMERCE_SHOP is no setting: .env.example lists them all",
    ]


def test_a_file_of_settings_that_is_no_toml_is_named(house: House) -> None:
    (house.directory / "commerce.toml").write_text("port = \n")
    assert "commerce.toml is no TOML" in refused(house, "keys")


@pytest.mark.parametrize("setting", ["tiers_file", "programmes_file"])
def test_a_file_of_tiers_or_programmes_that_is_not_there_is_named(house: House, setting: str) -> None:
    assert refused(house, "serve", **{setting: "nowhere.json"}).endswith("  nowhere.json does not exist\n")


@pytest.mark.parametrize("url", [NOWHERE, "sqlite+aiosqlite:////dev/null/shop.sqlite3"])
@pytest.mark.parametrize("arguments", [("migrate",), ("demo", "--port", "0"), ("import", "csv")], ids=" ".join)
def test_a_database_that_cannot_be_opened_is_named(house: House, arguments: tuple[str, ...], url: str) -> None:
    if arguments[0] == "import":
        examples = ROOT / "docs" / "examples"
        arguments = (*arguments, "--map", str(examples / "stock.toml"), str(examples / "stock.csv"))
    told = refused(house, *arguments, database_url=url)
    assert told.startswith("The database cannot be brought up to date: ")
    assert url.replace("secret", "***") in told


def test_the_folder_of_an_sqlite_database_is_made(house: House) -> None:
    url = f"sqlite+aiosqlite:///{house.directory}/not/yet/shop.sqlite3"
    assert run(house, ("migrate",), {"COMMERCE_DATABASE_URL": url}).returncode == 0


def test_a_token_without_a_key_set_says_how_to_make_one(house: House) -> None:
    assert "`server.py keys` makes one" in refused(house, "token", "--role", "member")


def test_a_key_set_that_cannot_be_written_is_named(house: House) -> None:
    assert "/dev/null/keys.json cannot be written" in refused(house, "keys", jwks_file="/dev/null/keys.json")


def test_a_port_that_is_taken_is_told_before_anything_else_is_done(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = refused(house, "demo", "--port", str(port))
        assert f"127.0.0.1:{port}: Address already in use" in told
        assert not (house.directory / "demo.sqlite3").exists()
        assert not (house.directory / "keys.json").exists()
        house.run("migrate")
        house.run("keys")
        assert f"127.0.0.1:{port}: Address already in use" in refused(house, "serve", port=str(port))


def test_every_line_of_the_log_is_json_also_where_a_library_speaks(house: House) -> None:
    for command in ("migrate", "keys"):
        house.run(command)
    with house.serving(port=(port := free_port())), socket.create_connection(("127.0.0.1", port)) as stranger:
        stranger.sendall(b"nonsense\r\n\r\n")
        assert stranger.recv(100).startswith(b"HTTP/1.1 400")
    said = (house.directory / f"serve-{port}.log").read_text().splitlines()
    logged = [json.loads(line) for line in said if not line.startswith("The graph is served")]
    assert ("Invalid HTTP request received.", "warning") in {(line["event"], line["level"]) for line in logged}
