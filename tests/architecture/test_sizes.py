"""Files and functions stay as small as the house plan says."""

import ast
from pathlib import Path

import convosphere
from tests.fixtures.sources import parsed

ROOT = Path(convosphere.__file__).parent
LONGEST_FILE = 300
LONGEST_FUNCTION = 60


def test_files_are_short() -> None:
    long = {str(path.relative_to(ROOT)): count for path in ROOT.rglob("*.py") if (count := _lines(path)) > LONGEST_FILE}
    assert long == {}


def test_functions_are_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in ROOT.rglob("*.py")
        for node in ast.walk(parsed(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())
