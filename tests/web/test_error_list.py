"""docs/errors.md lists every code that a client can meet, and none that it cannot."""

import ast
import re
from collections.abc import Iterator

from domain.refusals.base import KINDS
from schema.build import unified  # noqa: F401  # with it every kind of refusal is known
from tests.house import tree
from web import answers

ROOMS = ("compose.py", "datasources", "domain", "execution", "resolvers", "schema", "web")
RAISED = {"BadQuestion": 0, "NotAllowed": 0, "Unauthenticated": 0, "__init__": 0, "error": 1}
"""What makes an error for clients, or a kind of them, and which of its arguments is the code."""


def test_every_code_in_the_code_is_in_the_list_and_the_other_way_round() -> None:
    page = (tree.ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    assert listed == {*_raised(), *(kind.code for kind in KINDS.values()), *answers.CODES.values()}


def _raised() -> Iterator[str]:
    for path in tree.files(".py"):
        if path.relative_to(tree.ROOT).parts[0] in ROOMS:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield from (code for code in _codes(node) if re.fullmatch("[A-Z_]{5,}", code))


def _codes(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        place = RAISED.get(getattr(node.func, "id", getattr(node.func, "attr", "")))
        arguments = node.args[place : place + 1] if place is not None else []
        yield from (str(found.value) for found in arguments if isinstance(found, ast.Constant))
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "code" and isinstance(value, ast.Constant):
                yield str(value.value)
