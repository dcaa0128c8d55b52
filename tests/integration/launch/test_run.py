"""`python -m convosphere run` as a person meets it: start, trouble, stop."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from convosphere.core.settings import Settings
from convosphere.launch.database import reachable_database
from convosphere.launch.frontend import ensure_frontend
from convosphere.launch.processes import ROOT

_PATIENCE = 90.0

Start = Callable[..., "Run"]


class Run:
    """One started product and what it has written so far."""

    def __init__(self, data: Path, port: int, **environment: str) -> None:
        self.data = data
        self.port = port
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "convosphere", "run"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PORT": str(port), "CONVOSPHERE_DATA": str(data), "DRAIN_SECONDS": "5", **environment},
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            self.lines.extend(iter(output.readline, ""))

    @property
    def text(self) -> str:
        """All that it wrote."""
        return "".join(self.lines)

    def wait_for(self, pattern: str, count: int = 1) -> None:
        """Wait until a pattern was written so many times."""
        self.wait_until(lambda: len(re.findall(pattern, self.text)) >= count, pattern)

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition, but not for a dead product."""
        end = time.monotonic() + _PATIENCE
        while not condition():
            assert time.monotonic() < end, f"{what} did not come:\n{self.text}"
            assert self.process.poll() is None, f"ended before {what}:\n{self.text}"
            time.sleep(0.05)

    def wait_for_end(self) -> int:
        """Wait until it has ended and all is read; gives the exit code."""
        code = self.process.wait(_PATIENCE)
        self._reader.join(_PATIENCE)
        return code

    def children(self) -> list[psutil.Process]:
        """All processes that belong to it, the starter aside."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, name: str) -> psutil.Process:
        """The process of that name; its own children are called so as well, but are younger."""
        return next(process for process in self.children() if process.name() == name)

    def get(self, path: str) -> httpx.Response:
        """Ask it for something."""
        return httpx.get(f"http://127.0.0.1:{self.port}{path}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module", autouse=True)
def bundle() -> Path:
    """The pages, built before so that no start here waits for them."""
    return ensure_frontend(lambda _line: None)


@pytest.fixture
def start(tmp_path: Path, bundle: Path) -> Iterator[Start]:
    """Starts products that end with the test at the latest."""
    runs: list[Run] = []

    def begin(name: str = "data", **environment: str) -> Run:
        runs.append(Run(tmp_path / name, _free_port(), REFLEX_WEB_WORKDIR=str(bundle), **environment))
        return runs[-1]

    yield begin
    for run in runs:
        run.process.kill()
        run.wait_for_end()


def test_start_serve_and_stop_leaving_nothing(start: Start) -> None:
    run = start()
    run.wait_for("ConvoSphere is ready")
    assert f"http://localhost:{run.port}" in run.text
    page = run.get("/")
    assert page.status_code == 200
    assert "script-src 'self' 'sha256-" in page.headers["content-security-policy"]
    chunk = re.search(r"/assets/[\w.-]+\.js", page.text)
    assert chunk
    assert "immutable" in run.get(chunk.group()).headers["cache-control"]
    assert (run.get("/no-such-page").status_code, run.get("/ping").status_code) == (404, 200)
    processes = run.children()
    run.process.send_signal(signal.SIGTERM)
    assert run.wait_for_end() == 0
    assert run.lines[-1] == "Stopped.\n"
    assert [process for process in processes if process.is_running()] == []
    assert sorted(path.suffix for path in run.data.glob("*.lock")) == []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", run.port))


def test_two_data_directories_side_by_side_and_one_used_twice(start: Start) -> None:
    first, second = start("first"), start("second")
    first.wait_for("ConvoSphere is ready")
    second.wait_for("ConvoSphere is ready")
    assert first.get("/").status_code == second.get("/").status_code == 200
    third = start("first")
    assert third.wait_for_end() == 2
    assert f"process {first.process.pid} runs there" in third.text
    assert first.get("/").status_code == 200
    with reachable_database(Settings(CONVOSPHERE_DATA=first.data)) as addresses:
        assert str(first.data.name) in addresses.owner_url
    assert first.get("/").status_code == 200


def test_killing_the_starter_takes_all_down_and_blocks_no_other(start: Start) -> None:
    run = start()
    run.wait_for("ConvoSphere is ready")
    processes = run.children()
    run.process.kill()
    run.process.wait()
    gone, alive = psutil.wait_procs(processes, timeout=30)
    assert (len(gone), alive) == (len(processes), [])
    again = start()
    again.wait_for("ConvoSphere is ready")


def test_what_dies_is_started_again(start: Start) -> None:
    run = start()
    run.wait_for("ConvoSphere is ready")
    application = run.child("application")
    workers = application.children()
    application.kill()
    run.wait_for(r"The application ended unexpectedly \(exit code -9\); starting it again in 1 s")
    psutil.wait_procs(workers, timeout=20)
    run.wait_until(lambda: _answers(run), "the page")
    application = run.child("application")
    product, worker = psutil.Process(application.ppid()), run.child("job worker")
    worker.kill()
    run.wait_for(r"The job worker ended unexpectedly \(exit code -9\); starting it again in 1 s")
    product.kill()
    run.wait_for(r"The product ended unexpectedly \(exit code -9\); starting it again in 1 s")
    psutil.wait_procs([application, worker], timeout=20)
    run.wait_until(lambda: _answers(run), "the page")
    assert run.child("application").pid != application.pid
    server = psutil.Process(int((run.data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]))
    server.kill()
    run.wait_for("The database ended unexpectedly and was started again")
    assert run.get("/").status_code == 200


def test_what_keeps_dying_is_given_up_and_all_ends(start: Start, tmp_path: Path) -> None:
    key = tmp_path / "data" / "audit" / "key"
    key.parent.mkdir(parents=True)
    key.write_text("damaged")
    run = start()
    assert run.wait_for_end() == 2
    assert "The product gave up; the lines above say why." in run.text
    assert list(run.data.glob("*.lock")) == []


def _answers(run: Run) -> bool:
    try:
        return run.get("/").status_code == 200
    except httpx.TransportError:
        return False


def test_ctrl_c_during_the_start_leaves_nothing(start: Start) -> None:
    run = start()
    run.wait_for(r"\[4/4\]")
    processes = run.children()
    run.process.send_signal(signal.SIGINT)
    assert run.wait_for_end() == 130
    assert psutil.wait_procs(processes, timeout=20)[1] == []
    assert list(run.data.glob("*.lock")) == []


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("PORT", "many", "PORT: .*valid integer"),
        ("PUBLIC_URL", "chat.example.org", "PUBLIC_URL: .*pattern"),
        ("SIGN_UP", "perhaps", "SIGN_UP: .*'open', 'invitation' or 'closed'"),
        ("DATABASE_URL", "postgresql://app@127.0.0.1:1/x", "DATABASE_OWNER_URL: needed beside"),
    ],
)
def test_wrong_setting_stops_the_start_with_its_name(start: Start, setting: str, value: str, reason: str) -> None:
    run = start(**{setting: value})
    assert run.wait_for_end() == 2
    assert re.search(reason, run.text)
    assert "Traceback" not in run.text


def test_database_that_does_not_answer_stops_the_start(start: Start) -> None:
    dead = f"postgresql://app:secret@127.0.0.1:{_free_port()}/x"
    run = start(DATABASE_URL=dead, DATABASE_OWNER_URL=dead)
    assert run.wait_for_end() == 2
    assert re.search("DATABASE_URL: the database does not answer .*[Cc]onnection refused", run.text)
    assert "secret" not in run.text
    assert "Traceback" not in run.text


def test_taken_port_stops_the_start(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = start(PORT=str(taken.getsockname()[1]))
        assert run.wait_for_end() == 2
    assert "PORT=8010 make run" in run.text
    assert "Traceback" not in run.text
