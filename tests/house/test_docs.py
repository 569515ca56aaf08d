"""The walkthrough and the recipes name files and functions that are there."""

import ast
import re
from pathlib import Path

import pytest

from tests.house import tree

PAGES = ("docs/walkthrough.md", "docs/extending.md")
FILE = re.compile(r"`([\w/]+\.(?:py|md|graphql))`((?:(?:,| and|) `[\w.]+`)*)")


def named(page: str) -> list[tuple[str, list[str]]]:
    """Every file that a page names, and the names in it that follow at once."""
    text = (tree.ROOT / page).read_text(encoding="utf-8")
    return [(file, re.findall(r"`([\w.]+)`", names)) for file, names in FILE.findall(text)]


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_function_that_is_named_is_there(page: str) -> None:
    missing = [
        f"{file} {name}"
        for file, names in named(page)
        for name in ["", *names]
        if not ((tree.ROOT / file).is_file() and (not name or name.split(".")[-1] in defined(tree.ROOT / file, name)))
    ]
    assert missing == []
    assert len(named(page)) > 20


def defined(file: Path, name: str) -> set[str]:
    """What a module defines at its top, or a class of it inside."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    owner, _, _ = name.rpartition(".")
    if owner:
        body = next((node.body for node in body if isinstance(node, ast.ClassDef) and node.name == owner), [])
    return {found for node in body for found in names_of(node)}


def names_of(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [found.id for target in targets for found in ast.walk(target) if isinstance(found, ast.Name)]
    return []
