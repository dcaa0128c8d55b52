"""The browser counts what is being written by the server's own rule."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from convosphere.chat.components.gauge import RATES
from convosphere.llm.tokens import estimate_tokens

ASSETS = Path(__file__).resolve().parents[3] / "assets"
TEXTS = [
    "",
    "How long is the notice period?",
    "Die Kündigungsfrist beträgt sechs Wochen – für „beide“ Seiten.",
    "def f(x):\n    return {'a_b': x[0] ** 2}  # 3.14",
    "東京の天気はどうですか。１２３",
    "👍🏽 naïve café, ½ + ٣",
    "a\tb\u00a0c\u2003d",
]


def test_the_browser_estimates_as_the_server_does(tmp_path: Path) -> None:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or "node"
    (tmp_path / "estimate.mjs").write_text((ASSETS / "estimate.js").read_text())
    (tmp_path / "run.mjs").write_text(
        'import { estimate } from "./estimate.mjs";\n'
        f"console.log(JSON.stringify({json.dumps(TEXTS)}.map((text) => estimate(text, {json.dumps(RATES)}))));\n"
    )
    done = subprocess.run([node, str(tmp_path / "run.mjs")], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == [estimate_tokens(text) for text in TEXTS]
