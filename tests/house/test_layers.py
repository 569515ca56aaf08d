"""What import-linter cannot see: domain/ neither waits nor asks the time."""

import ast

from tests.house import tree

CLOCKS = {"now", "utcnow", "today"}


def test_the_rules_never_await() -> None:
    waiting = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    assert [where for where, node in _domain() if isinstance(node, waiting)] == []


def test_the_rules_never_ask_the_time() -> None:
    assert [where for where, node in _domain() if isinstance(node, ast.Call) and _called(node) in CLOCKS] == []


def _domain() -> list[tuple[str, ast.AST]]:
    paths = [path for path in tree.files(".py") if path.is_relative_to(tree.ROOT / "domain")]
    return [
        (f"{tree.name(path)}:{getattr(node, 'lineno', 0)}", node)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
    ]


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""
