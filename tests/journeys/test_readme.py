"""What the READMEs show is run: operations against the demo, and the lines that are to be pasted into a shell."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import Demo
from tests.journeys.house import ROOT, House

BLOCK = re.compile(r"^```(\w+)( run)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN_AT = "http://127.0.0.1:8000"
ENGLISH = ROOT / "README.md"
"""The other README shows the same commands and operations: tests/house holds that."""
ROLES = {"mutation": "integrator", "query": "associate", "subscription": "associate"}


def blocks(page: Path, language: str, *, marked: bool = False) -> list[str]:
    return [
        body
        for kind, mark, body in BLOCK.findall(page.read_text(encoding="utf-8"))
        if kind == language and (mark or not marked)
    ]


@pytest.mark.anyio
@pytest.mark.parametrize("shown", blocks(ENGLISH, "graphql"))
async def test_every_operation_shown_is_answered_without_an_error(demo: Demo, shown: str) -> None:
    kind = shown.split("(")[0].split("{")[0].strip() or "query"
    token = f"Bearer {demo.tokens[ROLES[kind]]}"
    if kind == "subscription":
        async with demo.door.watching(shown, authorization=token) as updates:
            told = await anext(updates)
            assert told["availabilityChanged"]["isSnapshot"] is True
        return
    assert all(value for value in demo.door.ask(shown, authorization=token).values())


@pytest.mark.parametrize("lines", blocks(ENGLISH, "sh", marked=True))
def test_every_line_to_be_pasted_does_what_it_says(demo: Demo, lines: str) -> None:
    told = pasted(demo, lines)
    assert "errors" not in told, told
    (field,) = told["data"].values()
    assert field
    assert field.get("userErrors", []) == []


def test_the_lines_of_an_own_shop_open_it(house: House) -> None:
    (lines,) = (block for block in blocks(ENGLISH, "sh") if "server.py serve" in block)
    shutil.copytree(ROOT / "docs" / "examples", house.directory / "docs" / "examples", copy_function=shutil.copyfile)
    told = shell(house, re.sub(r"(?m)^scripts/env.*|^export.*|.*server.py serve$", "", lines))
    assert "failed" in told
    assert "problems:" not in told
    with house.serving() as door:
        found = door.ask(
            """{ productByCode(code: "WY01-BLK-L") {
                product { title }
                price { price { amount } }
                availability(storeIds: ["SH001", "SH002"]) { signal isStale }
            } }"""
        )
    assert found["productByCode"] == {
        "product": {"title": "连帽卫衣"},
        "price": {"price": {"amount": "299.00"}},
        "availability": [{"signal": "LOW", "isStale": False}, {"signal": "IN_STOCK", "isStale": False}],
    }


def test_the_lines_that_the_demo_prints_find_something_and_sign_somebody_in(demo: Demo) -> None:
    lines = re.findall(r"^ +(curl .*)$", (demo.house.directory / "demo.out").read_text(), re.MULTILINE)
    found, signed_in = (pasted(demo, line)["data"] for line in lines)
    assert len(found["searchProducts"]["nodes"]) == 3
    assert signed_in["wechatLogin"]["session"]


@pytest.mark.parametrize("page", [ENGLISH, ROOT / "README.zh-CN.md"], ids=lambda page: page.name)
def test_every_answer_shown_is_json(page: Path) -> None:
    for shown in blocks(page, "json"):
        assert json.loads(shown)["data"]


def test_the_demo_prints_a_token_for_each_kind_of_user(demo: Demo) -> None:
    assert set(demo.tokens) == {"member", "associate", "integrator"}


def pasted(demo: Demo, lines: str) -> dict[str, dict[str, dict[str, list[object]]]]:
    """What a shell prints for these lines, with the demo's own port, in the demo's own directory."""
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    told: dict[str, dict[str, dict[str, list[object]]]]
    told = json.loads(shell(demo.house, lines.replace(SHOWN_AT, demo.door.url)))
    return told


def shell(house: House, lines: str) -> str:
    """What a shell prints for these lines in a house."""
    server = f"{shlex.quote(sys.executable)} {shlex.quote(str(ROOT / 'server.py'))}"
    done = subprocess.run(
        ["/bin/sh", "-euc", lines.replace(".venv/bin/python server.py", server)],
        cwd=house.directory,
        env={**house.environment, "no_proxy": "127.0.0.1", "HOME": os.environ.get("HOME", "")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_an_associate_signs_in_on_the_demos_tablet_as_it_says(demo: Demo) -> None:
    (said,) = re.findall(r"associateLogin\(input: \{.*?\}\)", (demo.house.directory / "demo.out").read_text())
    session = demo.door.ask(f"mutation {{ {said} {{ session {{ accessToken }} }} }}")["associateLogin"]["session"]
    token = f"Bearer {session['accessToken']}"
    assert demo.door.ask("{ myClients(first: 3) { nodes { validUntil } } }", authorization=token)["myClients"]["nodes"]
