"""Nothing of one machine is in the project: no registry's host, no path, no secret."""

import re

from tests.house import tree

REGISTRY = re.compile(
    r"(pypi|pythonhosted|npmjs|yarnpkg|debian|crates|golang|docker)\.(org|com|io)\b|--(extra-)?index-url"
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|tmp|home/\w+|Users/\w+)/|[.]library\b")
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{36}")
TEXT_BYTES_MAX = 2_000_000


def test_no_file_names_a_registry() -> None:
    assert _found(REGISTRY) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert _found(MACHINE_PATH) == []


def test_no_file_holds_a_secret() -> None:
    assert _found(SECRET) == []


def test_every_pin_has_a_hash() -> None:
    for path in (tree.ROOT / "requirements").glob("*.txt"):
        pins = re.findall(r"^[A-Za-z0-9].*", path.read_text(), re.MULTILINE)
        assert pins, f"{path.name} pins nothing"
        assert [pin for pin in pins if not re.match(r"[\w.\-\[\],]+==\S+( ;.*)? \\$", pin)] == []


def test_the_lock_of_the_browser_code_names_no_registry() -> None:
    assert '"resolved"' not in (tree.ROOT / "web" / "package-lock.json").read_text()


def _found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{tree.name(path)}:{number}: {line.strip()[:120]}"
        for path in tree.files()
        if path.stat().st_size <= TEXT_BYTES_MAX
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]
