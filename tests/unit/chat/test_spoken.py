"""Reading aloud: what of an answer is spoken, in which language, by which voice."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ASSETS = Path(__file__).resolve().parents[3] / "assets"


def run(tmp_path: Path, call: str, *values: Any) -> Any:  # noqa: ANN401  # Whatever JavaScript takes and gives.
    """What a function of the browser's gives."""
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or "node"
    (tmp_path / "spoken.mjs").write_text((ASSETS / "spoken.js").read_text())
    given = ", ".join(json.dumps(value) for value in values)
    script = f'import {{ {call} }} from "./spoken.mjs";\nconsole.log(JSON.stringify({call}({given})));\n'
    (tmp_path / "run.mjs").write_text(script)
    done = subprocess.run([node, str(tmp_path / "run.mjs")], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def _text(value: str) -> dict[str, Any]:
    return {"type": "text", "value": value}


def _node(kind: str, *children: dict[str, Any], **facts: str) -> dict[str, Any]:
    return {"type": kind, "children": list(children), **facts}


def test_what_only_the_eye_understands_is_left_out(tmp_path: Path) -> None:
    cited = _node("link", _text("1"), url="#cite-message-1")
    site = _node("link", _text("the page"), url="https://example.org")
    days = _node("strong", _text("24 days"))
    tree = _node(
        "root",
        _node("heading", _text("Leave")),
        _node("paragraph", _text("It is "), days, _text(" [2]. "), cited, _text("See "), site),
        {"type": "code", "value": "print('never')"},
        _node("list", _node("listItem", _node("paragraph", _text("Call "), {"type": "inlineCode", "value": "run"}))),
        _node("table", _node("tableRow", *(_node("tableCell", _text(word)) for word in ("A", " ", "B")))),
        _node("paragraph", {"type": "image", "alt": "A cat"}, {"type": "html", "value": "<b>"}),
        _node("paragraph", _text("—")),
    )  # fmt: skip
    assert run(tmp_path, "blocksOf", tree) == ["Leave", "It is 24 days. See the page", "Call run", "A, B"]


def test_sentences_are_short_enough_and_whole(tmp_path: Path) -> None:
    block = "Das ist z. B. kurz. Das auch! " + "und noch ein Wort, " * 40
    sentences = run(tmp_path, "sentencesOf", block, "de")
    assert sentences[-1].endswith("Wort,")
    assert max(map(len, sentences)) <= 220
    assert " ".join(sentences) == block.strip()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Kündigungsfrist ist kurz, und sie beginnt mit dem Vertrag.", "de"),
        ("The notice period is short, and it begins with the contract.", "en"),
        ("Le délai est court et il commence avec le contrat.", "fr"),
        ("El plazo es corto y comienza con el contrato.", "es"),
        ("De termijn is kort en begint met het contract.", "nl"),
        ("東京の天気はどうですか。", "ja"),
        ("Срок короткий.", "ru"),
        ("Термін короткий, і він починається з договору.", "uk"),
        ("42 + 7", "xx"),
    ],
)
def test_the_language_is_that_of_the_text(tmp_path: Path, text: str, language: str) -> None:
    assert run(tmp_path, "languageOf", text, "xx") == language


def test_a_voice_is_one_of_the_machine(tmp_path: Path) -> None:
    far = {"name": "Far", "lang": "en-GB", "localService": False, "default": True}
    near = {"name": "Near", "lang": "en_US", "localService": True}
    nearer = {"name": "Nearer", "lang": "en-GB", "localService": True}
    usual = {"name": "Usual", "lang": "en-AU", "localService": True, "default": True}
    assert run(tmp_path, "voiceFor", [far, near, nearer, usual], "en", ["en-GB"])["name"] == "Nearer"
    assert run(tmp_path, "voiceFor", [far, near, usual], "en", ["de-DE"])["name"] == "Usual"
    assert run(tmp_path, "voiceFor", [far, usual], "de", ["de-DE"]) is None
    assert run(tmp_path, "voiceFor", [far], "en", ["en-GB"]) is None
