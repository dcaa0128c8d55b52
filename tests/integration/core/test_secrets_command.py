"""`secrets` in a terminal, on the embedded database of an installation."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "convosphere", "secrets", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "CONVOSPHERE_DATA": str(data), **environment},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_keys_are_told_and_the_way_to_new_ones(tmp_path: Path) -> None:
    fresh = run(tmp_path, "check")
    assert (fresh.returncode, fresh.stderr) == (0, "")
    assert "There are no keys yet" in fresh.stdout
    given = run(tmp_path, "rotate", SECRET_KEYS="ab" * 32)
    assert (given.returncode, given.stderr) == (0, "")
    assert "1. Make a key: openssl rand -hex 32" in given.stdout
    assert not (tmp_path / "secrets").exists()
