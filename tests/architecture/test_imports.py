"""What a process does not load weighs nothing in it: the worker draws no pages, and some is needed by few people."""

import subprocess
import sys

import pytest

LATE = {
    "jsonschema", "litellm", "numpy", "onnxruntime", "PIL", "rapidfuzz", "re2", "reportlab", "unstructured", "webauthn",
    "zxcvbn",
}  # fmt: skip


@pytest.mark.parametrize(
    ("module", "spared"), [("convosphere.worker", {*LATE, "redis", "reflex"}), ("convosphere.convosphere", LATE)]
)
def test_a_process_begins_without_what_few_need(module: str, spared: set[str]) -> None:
    asked = f"import sys, {module}; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert not spared.intersection(told.stdout.split())
