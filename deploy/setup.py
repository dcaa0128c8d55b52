"""Makes the virtual environment with exactly the packages that the locks name. Needs Python and its venv, no more.

    python3 deploy/setup.py          what the product needs
    python3 deploy/setup.py --test   and what its tests need, a browser included

Does nothing when nothing changed.
"""

from __future__ import annotations  # So that an older Python can read this file, and say that it is too old.

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST, TOO_NEW = (3, 11), (3, 14)
ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
PYTHON = str(ENVIRONMENT / "bin" / "python")
STAMP = ENVIRONMENT / "convosphere-setup.json"
# The tests' list holds the product's as well; UV is the installer, pinned and hashed like the rest.
UV, PRODUCT, TESTS = "deploy/uv.txt", "requirements.txt", "tests/requirements.txt"


def main(arguments: list[str]) -> int:
    """Bring the environment up to date; gives the exit code."""
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        return fail(
            f"ConvoSphere needs Python 3.11, 3.12 or 3.13; {sys.executable} is {sys.version.split()[0]}.\n"
            "Install one and name it: make run PYTHON=/path/to/python3.12"
        )
    stamp = read_stamp()
    # An environment that once got the tests' packages keeps them: going back and forth would cost minutes.
    tests = "--test" in arguments or bool(stamp.get("tests"))
    wanted = {"fingerprint": fingerprint(tests), "tests": tests}
    if stamp != wanted:
        if not install(TESTS if tests else PRODUCT):
            return 1
        STAMP.write_text(json.dumps(wanted))
    if "--test" in arguments:
        return subprocess.call([PYTHON, str(ROOT / "deploy" / "browser.py")])
    return 0


def install(packages: str) -> bool:
    """Make the environment if need be and synchronise its packages; says whether that worked."""
    started = time.monotonic()
    say("Setting up: virtual environment")
    if not make_environment():
        return False
    say("Setting up: installer")
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r"]
    if not run([*pip, UV, "--quiet"]):
        fail("The installer could not be fetched. Is there a way to PyPI, or to a mirror of it by PIP_INDEX_URL?")
        return False
    say(f"Setting up: packages of {packages}")
    sync = [PYTHON, "-m", "uv", "pip", "sync", "--require-hashes", "--python", PYTHON, packages]
    if not run(sync, environment=with_pip_registry()):
        say("Setting up: trying again with pip and its settings, which takes longer")
        if not run([*pip, packages]):
            fail(f"The packages of {packages} could not be installed; the lines above say why.")
            return False
    # So that a script finds the product from wherever it lies, as `python bench/retrieval.py` does.
    site_packages().joinpath("convosphere.pth").write_text(f"{ROOT}\n")
    say(f"Setting up: done in {time.monotonic() - started:.0f} s")
    return True


def site_packages() -> Path:
    """Where the environment keeps its packages."""
    return ENVIRONMENT / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages"


def make_environment() -> bool:
    """Make the virtual environment unless a usable one is there; says whether there is one now."""
    if works([PYTHON, "-c", f"import sys, pip; assert sys.version_info[:2] == {sys.version_info[:2]}"]):
        return True
    if ENVIRONMENT.is_dir():
        shutil.rmtree(ENVIRONMENT)
    if not works([sys.executable, "-c", "import venv, ensurepip"]) and not install_venv():
        return False
    return run([sys.executable, "-m", "venv", str(ENVIRONMENT)])


def install_venv() -> bool:
    """Debian splits venv off Python: fetch it as root, else say how."""
    package = "python{}.{}-venv".format(*sys.version_info)
    if not shutil.which("apt-get"):
        fail(f"Python's venv or ensurepip is missing from {sys.executable}. Install them, or another Python.")
        return False
    if os.getuid() == 0:
        say(f"Setting up: {package} from Debian")
        if run(["apt-get", "update", "-qq"]) and run(["apt-get", "install", "-y", "-qq", package]):
            return True
    fail(f"Python's venv is missing. Install it and run this again: sudo apt-get install {package}")
    return False


def with_pip_registry() -> dict[str, str]:
    """The environment, in which uv uses the registry that the person chose for pip."""
    environment = dict(os.environ)
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & set(environment):
        ask = [PYTHON, "-m", "pip", "config", "get", "global.index-url"]
        asked = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()
        if chosen := environment.get("PIP_INDEX_URL") or asked:
            environment["UV_DEFAULT_INDEX"] = chosen
    return environment


def fingerprint(tests: bool) -> str:
    """One value for the locks, the way and the Python that an environment is made with."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for name in ["deploy/setup.py", UV, PRODUCT, *([TESTS] if tests else [])]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def read_stamp() -> dict[str, object]:
    """What the last complete set-up wrote; empty if there was none."""
    try:
        return json.loads(STAMP.read_text()) if Path(PYTHON).exists() else {}
    except (OSError, ValueError):
        return {}


def run(command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run a command in the checkout with its output shown; says whether it succeeded."""
    return subprocess.call(command, cwd=ROOT, env=environment) == 0


def works(command: list[str]) -> bool:
    """Whether a command succeeds, its output unseen."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def fail(text: str) -> int:
    """Write what went wrong and what to do; gives the exit code."""
    sys.stderr.write("\n" + text + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
