"""The pages' bundle: built when its sources change, never else, and published whole or not at all."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from convosphere.launch.processes import ROOT, run_child
from convosphere.launch.publishing import publish
from convosphere.launch.steps import Steps

WORKSHOP = ROOT / ".web"  # Reflex compiles here; its node_modules are kept between builds.
PUBLISHED = ROOT / ".build" / "frontend"

BUNDLE_VARIABLE = "REFLEX_WEB_WORKDIR"  # Tells the serving process where its bundle is; Reflex reads it as well.

Say = Callable[[str], None]

# Rooms that no page reads, so that a change there needs no build.
_ROOMS_WITHOUT_PAGES = {"launch", "service", "queries", "tasks", "routes", "__pycache__"}
_SINGLE_SOURCES = ("rxconfig.py", "requirements.txt", "reflex.lock/package.json", "reflex.lock/package-lock.json")
_GENERATED_ASSETS = {"catalogues", "external"}  # From locales/ and from installed packages.
_KEPT_BUILDS = 2  # The last one may still serve a running process.


def main(_arguments: Sequence[str]) -> int:
    """Build if need be, saying what is done."""
    ensure_frontend(Steps(count=1).say)
    return 0


def ensure_frontend(say: Say) -> Path:
    """The directory of the bundle for the sources as they are, built first if there is none.

    Raises:
        ConfigurationError: the build failed; the text holds its last lines.
    """
    ensure_catalogues()
    target = PUBLISHED / source_hash(ROOT)
    if target.exists():
        return target
    with _one_build_at_a_time(say):
        if not target.exists():  # Somebody else may have built it while we waited.
            say("compiling pages and installing their packages")
            _compile(say)
            say("publishing: addresses, content security policy, compression")
            publish(WORKSHOP, target)
            _forget_old_builds(target)
    return target


def source_hash(root: Path) -> str:
    """One name for the state of everything that goes into the bundle."""
    digest = hashlib.sha256(f"python {sys.version_info[:2]}".encode())
    for path in sorted(_sources(root)):
        digest.update(str(path.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:20]


def _sources(root: Path) -> Iterator[Path]:
    for path in (root / "convosphere").rglob("*.py"):
        rooms = path.relative_to(root).with_suffix("").parts
        if not _ROOMS_WITHOUT_PAGES.intersection(rooms):
            yield path
    for path in (root / "assets").rglob("*"):
        if path.is_file() and path.relative_to(root / "assets").parts[0] not in _GENERATED_ASSETS:
            yield path
    yield from (root / "locales").rglob("*.po")
    yield from (path for name in _SINGLE_SOURCES if (path := root / name).exists())
    # What turns the compiled pages into the published ones is a source as well.
    yield from (root / "convosphere" / "launch" / name for name in ("compiling.py", "publishing.py"))


def ensure_catalogues() -> None:
    """Compile the words on screen, for the server and for the build, unless that was done since they changed."""
    sources = sorted((ROOT / "locales").rglob("*.po"))
    fingerprint = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = PUBLISHED.parent / "catalogues"
    made = [*(path.with_suffix(".mo") for path in sources), ROOT / "assets" / "catalogues" / "index.js"]
    if all(path.exists() for path in [stamp, *made]) and stamp.read_text() == fingerprint:
        return
    run_child([sys.executable, "-m", "convosphere", "messages", "compile"], "The catalogues of words")
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(fingerprint)


@contextmanager
def _one_build_at_a_time(say: Say) -> Iterator[None]:
    PUBLISHED.mkdir(parents=True, exist_ok=True)
    with (PUBLISHED.parent / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another build in this checkout")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _compile(say: Say) -> None:
    """Run the compiler in a process of its own: it needs 400 MB, and sets Reflex up differently from the server."""

    def relay(line: str) -> None:
        if line.startswith("· "):
            say(line.removeprefix("· "))

    compiler = [sys.executable, "-m", "convosphere.launch.compiling"]
    run_child(compiler, "The pages", environment=build_environment(), each_line=relay)


def build_environment() -> dict[str, str]:
    """The environment of a build: Node from the virtual environment, nothing sent home, no registry in the lock."""
    binaries = str(Path(sys.executable).parent)
    environment = {
        **os.environ,
        "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_DIR": str(ROOT / ".build" / "reflex"),
        "REFLEX_WEB_WORKDIR": str(WORKSHOP),
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
        "npm_config_loglevel": "error",
    }
    if "NPM_CONFIG_REGISTRY" not in environment:
        # Reflex would choose one by a race between two public ones; the person's own choice counts.
        environment["NPM_CONFIG_REGISTRY"] = _registry(environment)
    return environment


def _registry(environment: dict[str, str]) -> str:
    asked = subprocess.run(
        ["npm", "config", "get", "registry"],  # noqa: S607  # From PATH, where the virtual environment comes first.
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout.strip()


def _forget_old_builds(newest: Path) -> None:
    builds = sorted((path for path in PUBLISHED.iterdir() if path != newest), key=lambda path: path.stat().st_mtime)
    for path in builds[: -(_KEPT_BUILDS - 1)]:
        shutil.rmtree(path)
