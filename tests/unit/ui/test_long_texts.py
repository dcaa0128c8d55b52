"""Long texts are cut between their blocks by the browser, and nothing of them is lost."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ASSETS = Path(__file__).resolve().parents[3] / "assets"
LONGEST = 8_500
TABLE = "| A | B |\n|---|---|\n" + "".join(f"| x{number} | y |\n" for number in range(900))
LIST = "".join(f"- point {number}\n  - more of it\n" for number in range(400))
# Takes what stands in double quotes for a text, also over several lines, as a highlighter does.
HIGHLIGHTER = """
const library = { highlight: (_, code) => ({ children: code.split(/("[^"]*(?:"|$))/).filter(Boolean).map((value) =>
    value.startsWith('"') ? { type: "element", children: [{ type: "text", value }] } : { type: "text", value }) }) };
"""


def run(tmp_path: Path, script: str) -> object:
    """What a script gives that has the modules beside it."""
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or "node"
    for name in ("pieces", "colours"):
        (tmp_path / f"{name}.mjs").write_text((ASSETS / f"{name}.js").read_text())
    (tmp_path / "run.mjs").write_text(script)
    done = subprocess.run([node, str(tmp_path / "run.mjs")], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def cut(tmp_path: Path, text: str) -> list[dict[str, object]]:
    """The pieces of a text, each with what it says as `said`."""
    pieces = run(
        tmp_path,
        'import { cut } from "./pieces.mjs";\n'
        "const said = ({ text, code, table }) => text ?? code?.code ?? [...table.head, ...table.rows].join('\\n');\n"
        f"const pieces = cut({json.dumps(text)});\n"
        "console.log(JSON.stringify(pieces.map((piece) => ({ ...piece, said: said(piece) }))));\n",
    )
    assert isinstance(pieces, list)
    return pieces


@pytest.mark.parametrize(
    "text",
    [
        "many words in a row " * 5_000,
        "x" * 50_000,
        "A paragraph.\n\n" * 4_000,
        LIST,
    ],
)
def test_each_piece_is_short_or_plain_code_and_nothing_is_lost(tmp_path: Path, text: str) -> None:
    pieces = cut(tmp_path, text)
    assert len(pieces) > 1
    assert all(len(str(piece["said"])) <= LONGEST for piece in pieces if "text" in piece)
    assert "".join(str(piece["said"]) for piece in pieces).replace("\n", "") == text.replace("\n", "")


def test_a_very_long_text_is_cut_in_stretches(tmp_path: Path) -> None:
    stretches = run(
        tmp_path,
        'import { cutting, STRETCH } from "./pieces.mjs";\n'
        'const all = cutting("A paragraph.\\n\\n".repeat(STRETCH / 2));\n'
        "let rests = 0;\n"
        "for (; !all.next().done; rests += 1);\n"
        "console.log(JSON.stringify(rests));\n",
    )
    assert stretches == 6


def test_fences_that_do_not_close_are_one_block_of_code(tmp_path: Path) -> None:
    text = "".join(f"{'`' * (3 + number % 4)}python\nprint({number})\n~~~\n\nwords\n\n" for number in range(2_000))
    (piece,) = cut(tmp_path, text)
    assert f"```python\n{piece['said']}".strip() == text.strip()
    assert piece["code"]["isClosed"] is False  # pyright: ignore


def test_a_long_table_and_long_code_are_pieces_of_their_own(tmp_path: Path) -> None:
    code = "value = 1\n" * 900
    pieces = cut(tmp_path, f"Before\n\n{TABLE}\nBetween\n\n```python\n{code}```\n\nAfter\n")
    table, block = pieces[1]["table"], pieces[3]["code"]
    assert table == {"head": ["| A | B |", "|---|---|"], "rows": TABLE.splitlines()[2:]}
    assert block == {"language": "python", "meta": "", "code": code.rstrip("\n"), "isClosed": True}
    assert [str(pieces[number]["said"]).strip() for number in (0, 2, 4)] == ["Before", "Between", "After"]


def test_a_list_is_cut_between_its_points(tmp_path: Path) -> None:
    assert all(str(piece["said"]).startswith("- ") for piece in cut(tmp_path, LIST))


def test_what_is_no_table_stays_text(tmp_path: Path) -> None:
    assert all("table" not in piece for piece in cut(tmp_path, "| a row\n" * 2_000))


def test_a_text_that_goes_on_in_the_next_piece_keeps_its_colour(tmp_path: Path) -> None:
    pieces = ['a = "one\n', "two\n", 'three" + b\n', "c\n"]
    coloured = run(
        tmp_path,
        f'import {{ colourPieces, textOf }} from "./colours.mjs";{HIGHLIGHTER}'
        f'const coloured = [...colourPieces(library, "x", {json.dumps(pieces)})];'
        "console.log(JSON.stringify(coloured.map((nodes) => nodes.map((node) => [node.type, textOf(node)]))));",
    )
    assert coloured == [
        [["text", "a = "], ["element", '"one']],
        [["element", "two"]],
        [["element", 'three"'], ["text", " + b"]],
        [["text", "c"]],
    ]
