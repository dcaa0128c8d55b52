"""What a process does not load weighs nothing in it: the worker draws no pages and checks no new passwords."""

import subprocess
import sys

HEAVY = ("PIL", "litellm", "numpy", "onnxruntime", "reflex", "unstructured", "webauthn", "zxcvbn")


def test_worker_begins_without_what_only_pages_need() -> None:
    asked = "import sys, convosphere.worker; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert not set(HEAVY).intersection(told.stdout.split())
