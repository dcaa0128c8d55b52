"""The picker of models: what a text finds, and in which groups."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Groups = list[tuple[str, list[str]]]
Searching = Callable[..., Groups]
ASSETS = Path(__file__).resolve().parents[3] / "assets"
LABELS = {
    "favourites": "Favourites", "latest": "Used last", "reader": "Reader", "builtIn": "Built in",
    "vision": "Sees images", "tools": "Uses tools", "thinking": "Thinks first", "resting": "Rests after failures",
}  # fmt: skip


def _row(model_id: str, provider: str, *abilities: str, state: str = "working") -> dict[str, Any]:
    name = model_id.rsplit("/", maxsplit=1)[-1]
    row = {"id": model_id, "name": name, "provider": provider, "context": "", "state": state}
    return {**row, "is_reader": model_id == "reader", "abilities": list(abilities)}


ROWS = [
    _row("house/llama", "Häuser", "tools", state="resting"),
    *(_row(f"made-{number}", "OpenAI", "vision", "tools") for number in range(8)),
    _row("house/qwen", "Häuser"),
    _row("reader", "reader"),
]


@pytest.fixture(scope="module")
def groups_of(tmp_path_factory: pytest.TempPathFactory) -> Searching:
    """Runs the browser's own rule on several searches at once."""
    place = tmp_path_factory.mktemp("search")
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or "node"
    (place / "search.mjs").write_text((ASSETS / "model_search.js").read_text())

    def run(text: str, rows: list[dict[str, Any]], used: list[str], favourites: tuple[str, ...] = ()) -> Groups:
        given = json.dumps([rows, text, LABELS, favourites, used])
        (place / "run.mjs").write_text(
            f'import {{ groupsOf }} from "./search.mjs";\nconsole.log(JSON.stringify(groupsOf(...{given})));\n'
        )
        done = subprocess.run([node, str(place / "run.mjs")], capture_output=True, text=True, check=True, timeout=60)
        return [(group["name"], [row["id"] for row in group["rows"]]) for group in json.loads(done.stdout)]

    return run


def test_models_stand_by_who_runs_them_after_those_used_last(groups_of: Searching) -> None:
    made = [f"made-{number}" for number in range(8)]
    assert groups_of("", ROWS, ["made-3", "gone", "reader"]) == [
        ("Used last", ["made-3", "reader"]),
        ("Häuser", ["house/llama", "house/qwen"]),
        ("OpenAI", [name for name in made if name != "made-3"]),
    ]
    # All that fits into one look needs no list of its own.
    assert [name for name, _ in groups_of("", ROWS[:3], ["made-1"])] == ["Häuser", "OpenAI"]


def test_each_word_is_found_in_what_is_seen_of_a_model(groups_of: Searching) -> None:
    assert groups_of("  HAUSER qw", ROWS, ["made-3"]) == [("Häuser", ["house/qwen"])]
    assert groups_of("sees made-5", ROWS, []) == [("OpenAI", ["made-5"])]
    assert groups_of("rests", ROWS, []) == [("Häuser", ["house/llama"])]
    assert groups_of("reader", ROWS, []) == [("Built in", ["reader"])]
    assert groups_of("no such model", ROWS, []) == []


def test_favourites_stand_first_and_once(groups_of: Searching) -> None:
    assert groups_of("", ROWS, ["reader", "house/qwen"], ("reader", "made-5", "gone"))[:3] == [
        ("Favourites", ["made-5", "reader"]),
        ("Used last", ["house/qwen"]),
        ("Häuser", ["house/llama"]),
    ]
    found = groups_of("sees", ROWS, [], ("made-5",))
    assert found[0] == ("Favourites", ["made-5"]), "Enter takes it"
    assert len(found[1][1]) == 7
    assert [name for name, _ in groups_of("llama", ROWS, [], ("made-5",))] == ["Häuser"]
