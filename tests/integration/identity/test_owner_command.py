"""The owner's account from a terminal."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run_owner(data: Path, email: str, password: str = "", command: str = "owner") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "convosphere", command, "--email", email],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "CONVOSPHERE_DATA": str(data)},
        input=f"{password}\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_one_owner_is_made_and_no_second(tmp_path: Path) -> None:
    weak = run_owner(tmp_path, "ada@example.org", "short")
    assert (weak.returncode, "at least 8 characters" in weak.stderr) == (2, True)
    made = run_owner(tmp_path, "ada@example.org", "correct horse battery")
    assert (made.returncode, "ada@example.org owns" in made.stdout) == (0, True), made.stderr
    second = run_owner(tmp_path, "eve@example.org", "correct horse battery")
    assert (second.returncode, "has an owner already" in second.stderr) == (2, True)
    link = run_owner(tmp_path, "ada@example.org", command="recover")
    assert (link.returncode, "/recover?token=" in link.stdout) == (0, True), link.stderr
    nobody = run_owner(tmp_path, "nobody@example.org", command="recover")
    assert (nobody.returncode, "does not exist" in nobody.stderr, "token" in nobody.stdout) == (2, True, False)
