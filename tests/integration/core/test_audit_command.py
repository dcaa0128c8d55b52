"""`audit verify` in a terminal, on the embedded database of an installation."""

import subprocess
import sys
from pathlib import Path

import psycopg

from convosphere.launch.postgres import embedded_postgres

ROOT = Path(__file__).resolve().parents[3]


def run(data: Path, *arguments: str, words: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "convosphere", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "CONVOSPHERE_DATA": str(data)},
        input=words,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_a_tampered_row_is_named_and_the_command_fails(tmp_path: Path) -> None:
    made = run(tmp_path, "owner", "--email", "ada@example.org", words="correct horse battery\n")
    assert made.returncode == 0, made.stderr
    whole = run(tmp_path, "audit", "verify")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "is whole: 2 entries." in whole.stdout
    assert "There are no heads yet" in whole.stdout
    with embedded_postgres(tmp_path) as addresses, psycopg.connect(addresses.superuser_url) as connection:
        assert connection.execute("SELECT action, means FROM audit_entry ORDER BY sequence").fetchall() == [
            ("account:create", "terminal"), ("installation:found", "terminal"),
        ]  # fmt: skip
        connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        connection.execute("UPDATE audit_entry SET label = 'Eve' WHERE sequence = 2")
    broken = run(tmp_path, "audit", "verify")
    assert broken.returncode == 1, broken.stderr
    assert "BROKEN: entry 2 was changed" in broken.stdout
    assert "installation:found" in broken.stdout
