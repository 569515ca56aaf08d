"""The docs are pages of our own port: every link between them leads somewhere, and nothing else shows."""

import re

import pytest

from tests.web.front import Front

START = "/docs/README.md"
LINK = re.compile(r'(?:href|src)="([^"#:]+)(?:#[^"]*)?"')


def test_every_page_that_the_readme_leads_to_is_there(front: Front) -> None:
    seen, waiting = set[str](), ["/docs/"]
    while waiting:
        answer = front.client.get(waiting.pop())
        assert answer.status_code == 200, answer.url
        if answer.headers["content-type"].startswith("text/html"):
            found = {answer.url.join(link).path for link in LINK.findall(answer.text)}
            waiting += sorted(found - seen)
            seen |= found
    assert {"/docs/docs/errors.md", "/docs/docs/operations.md", "/docs/README.zh-CN.md"} <= seen


@pytest.mark.parametrize("path", ["server.py", "..%2fREADME.md", "var/keys.json", ".env", "domain/money.py"])
def test_what_is_no_documentation_is_not_shown(front: Front, path: str) -> None:
    assert front.client.get(f"/docs/{path}").status_code == 404


def test_pages_may_load_nothing_from_elsewhere(front: Front) -> None:
    assert "default-src 'none'" in front.client.get(START).headers["content-security-policy"]
