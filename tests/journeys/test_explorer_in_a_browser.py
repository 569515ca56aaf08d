"""The explorer as somebody opens it: a real browser, nothing but our own port, tabs that work when run."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.journeys.conftest import Demo
from web.explorer.pages import MODULES, NODE_MODULES

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TABS = (
    "StoresNearMe WatchStock SignIn Me PointsLive MemberPrice ProductPage Search ReserveInStore"
    " StoreNumbers WatchNumbers Scan StoreTasks WhoIsIt Clients CountStock MoveStock EarnPoints Segments"
)
SOON_MS = 5_000
PATIENCE_MS = 30_000


@pytest.fixture
async def page(demo: Demo) -> AsyncIterator[Page]:
    """An empty page of a real browser."""
    needed()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path(), headless=True, args=list(QUIET))
        opened = await browser.new_page(viewport={"width": 1440, "height": 900})
        opened.set_default_timeout(PATIENCE_MS)
        yield opened
        await browser.close()


@pytest.mark.anyio
async def test_the_explorer_opens_with_working_tabs_and_speaks_to_this_server_only(page: Page, demo: Demo) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda opened: asked.append(opened.url.replace("ws", "http", 1)))
    page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(demo.door.url)
    assert await tabs(page) == TABS.split()

    await run(page)
    await expect(answer(page)).to_contain_text("店", timeout=PATIENCE_MS)
    assert await said(page, "distanceKm") is not None

    await choose(page, "WatchNumbers")
    await run(page)
    await expect(answer(page)).to_contain_text('"isSnapshot": true', timeout=PATIENCE_MS)
    await expect(answer(page)).to_contain_text('"isSnapshot": false', timeout=SOON_MS)
    assert await said(page, "quantity") is not None
    await run(page)  # the same button ends it

    for name in (
        "WatchStock",
        "MemberPrice",
        "ProductPage",
        "Search",
        "ReserveInStore",
        "StoreNumbers",
        "Scan",
        "StoreTasks",
        "SignIn",
        "Me",
        "PointsLive",
        "WhoIsIt",
        "Clients",
        "EarnPoints",
        "Segments",
        "CountStock",
        "MoveStock",
    ):
        await choose(page, name)
        await run(page)
        await expect(answer(page)).to_contain_text('"data"', timeout=PATIENCE_MS)
        await expect(answer(page)).not_to_contain_text('"errors": [\n        {')
        await expect(answer(page)).not_to_contain_text('"extensions"')
    assert await said(page, "status") == '"UPDATED"'

    assert {url for url in asked if not url.startswith((demo.door.url, "data:"))} == set()
    assert complaints == []


@pytest.mark.anyio
async def test_what_was_typed_is_there_again_after_a_reload(page: Page, demo: Demo) -> None:
    await page.goto(demo.door.url)
    await tabs(page)
    await page.locator(".graphiql-query-editor .CodeMirror").click()
    await page.keyboard.press("Control+Home")
    await page.keyboard.type("# mine\n")
    await page.wait_for_timeout(800)  # GraphiQL writes half a second after the last key
    await page.reload()
    await expect(page.locator(".graphiql-query-editor")).to_contain_text("# mine")
    assert await tabs(page) == TABS.split()


@pytest.mark.anyio
async def test_a_token_that_is_refused_is_told_to_who_subscribes_too(page: Page, demo: Demo) -> None:
    await page.goto(demo.door.url)
    await tabs(page)
    await choose(page, "WatchNumbers")
    await page.get_by_role("button", name="Headers").click()
    await page.locator(".graphiql-editor-tool .CodeMirror:visible").click()
    await page.keyboard.press("Control+A")
    await page.keyboard.insert_text('{"authorization": "Bearer wrong"}')
    await run(page)
    await expect(answer(page)).to_contain_text("TOKEN_INVALID", timeout=PATIENCE_MS)


@pytest.mark.anyio
async def test_every_tab_is_in_sight(page: Page, demo: Demo) -> None:
    await page.goto(demo.door.url)
    await tabs(page)
    await expect(page.locator(".graphiql-tab-button").last).to_be_in_viewport(ratio=1)


def needed() -> None:
    """Skip where there is no browser or no code for it, or fail where REQUIRE_SERVERS says that both must be there."""
    missing = None
    if browser_path() is None:
        missing = "no chromium on this machine"
    elif not all((NODE_MODULES / path).is_file() for path in MODULES.values()):
        missing = "the explorer's browser code is not installed (scripts/explorer-assets)"
    if missing and os.environ.get("REQUIRE_SERVERS") == "1":
        pytest.fail(f"REQUIRE_SERVERS=1, but {missing}")
    if missing:
        pytest.skip(missing)


def browser_path() -> str | None:
    """The first browser that is installed."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


async def tabs(page: Page) -> list[str]:
    """The titles of the tabs."""
    await page.locator(".graphiql-tab").first.wait_for()
    return [text.strip() for text in await page.locator(".graphiql-tab-button").all_inner_texts()]


async def choose(page: Page, name: str) -> None:
    """Go to a tab, and wait until its operation is the one that would run."""
    await page.locator(".graphiql-tab-button", has_text=re.compile(f"^{name}$")).click()
    await expect(page.locator(".graphiql-query-editor")).to_contain_text(name)
    await page.wait_for_timeout(400)  # GraphiQL reads the operation's name a moment after the text


async def run(page: Page) -> None:
    """Press the button that runs, or ends, the operation."""
    await page.locator(".graphiql-execute-button").click()


def answer(page: Page) -> Any:
    """Where answers are shown."""
    return page.locator(".result-window .CodeMirror-code")


async def said(page: Page, name: str) -> str | None:
    """The first value of a field in the answer."""
    found = re.search(rf'"{name}": ([^,\s]+)', await answer(page).inner_text())
    return found[1] if found and found[1] != "null" else None
