"""A file and a function can be read in one go, and a module's name says what it is about."""

import ast
import statistics
from collections.abc import Iterator

from tests.house import tree

FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50
FUNCTION_LINES_MEDIAN_MAX = 8
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}


def test_no_file_is_over_300_lines() -> None:
    long = {
        tree.name(path): lines for path in tree.files(".py") if (lines := _lines(path.read_text())) > FILE_LINES_MAX
    }
    assert long == {}


def test_no_function_is_over_50_lines() -> None:
    assert {where: lines for where, lines in _functions() if lines > FUNCTION_LINES_MAX} == {}


def test_half_of_all_functions_have_at_most_8_lines() -> None:
    assert statistics.median(lines for _, lines in _functions()) <= FUNCTION_LINES_MEDIAN_MAX


def test_no_module_is_named_for_nothing() -> None:
    rooms = [path.relative_to(tree.ROOT).with_suffix("").parts for path in tree.files(".py")]
    assert [
        parts for parts in rooms if NAMES_THAT_SAY_NOTHING & {word for part in parts for word in part.split("_")}
    ] == []


def _functions() -> Iterator[tuple[str, int]]:
    for path in tree.files(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{tree.name(path)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def _lines(text: str) -> int:
    return len(text.splitlines())
