"""Compiles the locks: requirements.txt, tests/requirements.txt and deploy/uv.txt from pyproject.toml, and reflex.lock/.

Hashes make an install fail if a file is not the one that was locked. Releases of the last week are left out: a stolen
account is usually noticed within days.
"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from convosphere.launch.frontend import build_environment, ensure_catalogues

ROOT = Path(__file__).resolve().parents[1]
_COOLING_DAYS = 7
_UV = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header"]


def main() -> int:
    """Write all locks; gives the exit code."""
    until = (datetime.now(UTC) - timedelta(days=_COOLING_DAYS)).date().isoformat()
    universal = [*_UV, "--python-version", "3.11", "--exclude-newer", until]
    run([*universal, "pyproject.toml", "-o", "requirements.txt"])
    run([*universal, "--extra", "test", "-c", "requirements.txt", "pyproject.toml", "-o", "tests/requirements.txt"])
    installer = f"uv=={version('uv')}".encode()
    run([*_UV, "--no-annotate", "-", "-o", "deploy/uv.txt"], given=installer)
    ensure_catalogues()
    # What the pages import must be there before they are compiled.
    run([sys.executable, "-m", "uv", "pip", "sync", "--quiet", "--require-hashes", "tests/requirements.txt"])
    compiling = [sys.executable, "-m", "convosphere.launch.compiling", "--lock"]
    subprocess.run(compiling, cwd=ROOT, env=build_environment(), check=True)
    return 0


def run(command: list[str], given: bytes | None = None) -> None:
    """Run a command in the checkout and stop at its failure."""
    subprocess.run(command, cwd=ROOT, input=given, check=True)


if __name__ == "__main__":
    sys.exit(main())
