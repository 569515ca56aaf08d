"""Every benchmark that can be named is described, with the figures it prints."""

import re

from bench.__main__ import BENCHES
from tests.house import tree

SECTION = re.compile(r"^## `([\w-]+)`$", re.MULTILINE)


def test_every_benchmark_has_a_section_in_the_readme_and_every_section_a_benchmark() -> None:
    text = (tree.ROOT / "bench" / "README.md").read_text(encoding="utf-8")
    assert set(SECTION.findall(text)) == set(BENCHES)
