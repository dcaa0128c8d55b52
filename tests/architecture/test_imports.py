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
    asked = f"import os, sys, {module}; print(len(os.listdir('/proc/self/task')), *sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    threads, *modules = told.stdout.split()
    assert not spared.intersection(modules)
    assert threads == "1", "from here processes are forked, see docs/decisions/forked-from-one.md"
