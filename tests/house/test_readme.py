"""What the README and docs tell a reader to type is there, and what they show of the graph is true."""

import os
import re
import subprocess
import sys
from pathlib import Path

import graphql
import pytest

import schema.build
from tests.house import tree

READMES = [tree.ROOT / "README.md", tree.ROOT / "README.zh-CN.md"]
PAGES = [*READMES, *(path for path in tree.files(".md") if path.is_relative_to(tree.ROOT / "docs"))]
BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.fixture(scope="module")
def words() -> graphql.GraphQLSchema:
    return graphql.build_schema(schema.build.unified().as_str())


@pytest.mark.parametrize("page", PAGES, ids=tree.name)
def test_every_operation_shown_is_one_the_graph_answers(page: Path, words: graphql.GraphQLSchema) -> None:
    for shown in _blocks(page, "graphql"):
        assert graphql.validate(words, graphql.parse(shown)) == [], shown


@pytest.mark.parametrize("page", PAGES, ids=tree.name)
def test_every_script_and_file_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for script in set(re.findall(r"(?<![\w/])scripts/[\w-]+", text)):
        assert os.access(tree.ROOT / script, os.X_OK), script
    for link in LINK.findall(text):
        assert (page.parent / link).exists(), link


def test_every_command_of_the_server_that_is_shown_exists() -> None:
    commands = {line for page in PAGES for line in _server_commands(page)}
    for command in sorted(commands):
        done = subprocess.run(
            [sys.executable, "server.py", *command.split(), "--help"],
            cwd=tree.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"server.py {command}: {done.stderr[-500:]}"


def test_both_languages_show_the_same_commands_and_operations() -> None:
    english, chinese = ([_without_comments(block) for block in _blocks(page, "sh", "graphql")] for page in READMES)
    assert chinese == english


def _blocks(page: Path, *languages: str) -> list[str]:
    return [body for language, body in BLOCK.findall(page.read_text(encoding="utf-8")) if language in languages]


def _server_commands(page: Path) -> list[str]:
    """`import magento` of `python server.py import magento DIR`: the words before the first argument."""
    shown = "\n".join(_blocks(page, "sh"))
    return [
        " ".join(found.split()) for found in re.findall(r"server\.py((?: [a-z][a-z-]*(?=\s|$))+)", shown, re.MULTILINE)
    ]


def _without_comments(block: str) -> str:
    return "\n".join(line.split("#")[0].rstrip() for line in block.splitlines() if line.split("#")[0].strip())
