"""The product as a person starts it, and the provider of models that it talks to, each in processes of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 180.0
PASSWORD = "correct-horse-battery-staple"  # Of an installation that lives for a minute.


class BenchError(Exception):
    """The product did not do what is to be measured."""


@dataclass
class Provider:
    """The test provider in a process of its own; `url` ends in `/v1`."""

    url: str
    process: psutil.Process

    def requests(self) -> list[dict[str, Any]]:
        """What it remembers of all calls, with the times at which they came and each token left."""
        return httpx.get(f"{self.url}/_requests", timeout=60).json()

    def forget(self) -> None:
        """Forget all calls so far."""
        httpx.delete(f"{self.url}/_requests", timeout=60)


@dataclass
class Product:
    """A product that serves."""

    address: str
    data: Path
    starter: psutil.Process
    seconds_to_start: float
    lines: list[str] = field(repr=False)
    owner_cookie: str = ""

    @property
    def port(self) -> int:
        """The port of pages, routes and sockets."""
        return int(self.address.rpartition(":")[2])

    @property
    def origin(self) -> dict[str, str]:
        """The header without which nothing may be changed."""
        return {"Origin": self.address}

    def processes(self, name: str) -> list[psutil.Process]:
        """The process of a name (`application`, `job worker`) with all its children."""
        for child in self.starter.children(recursive=True):
            if child.name() == name:
                return [child, *child.children(recursive=True)]
        raise BenchError(f"The product has no process {name}.")

    def memory(self) -> float:
        """Proportional share of memory of application and worker with all their children, in MB.

        What both are forked from counts as well.
        """
        shared = psutil.Process(self.processes("application")[0].ppid())
        found = [shared, *self.processes("application"), *self.processes("job worker")]
        return sum(process.memory_full_info().pss for process in found) / 1e6

    def found(self) -> None:
        """Create the owner by the set-up link that was printed, and keep the session's cookie."""
        token = re.search(r"token=(\S+)", "".join(self.lines))
        if token is None:
            raise BenchError("No set-up link was printed.")
        fields = {"token": token[1], "workspace": "Bench", "name": "Olive Owner", "email": "owner@example.org"}
        answer = httpx.post(
            f"{self.address}/auth/set-up", json={**fields, "password": PASSWORD}, headers=self.origin, timeout=30
        )
        if answer.status_code != 200:
            raise BenchError(f"The owner was not created: {answer.text}")
        self.owner_cookie = answer.headers["set-cookie"].partition(";")[0]


def cpu_seconds(processes: Sequence[int]) -> float:
    """Processor time that these processes have used so far."""
    times = [psutil.Process(process).cpu_times() for process in processes]
    return sum(used.user + used.system for used in times)


@contextmanager
def running_provider(*options: str) -> Iterator[Provider]:
    """The provider until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.provider", "--port", "0", *options], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert process.stdout is not None
        yield Provider(process.stdout.readline().strip(), psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def running_product(provider: Provider | None, data: Path | None = None, **environment: str) -> Iterator[Product]:
    """The product until the block ends, with `data` kept if given, else in a fresh directory that is thrown away."""
    with ExitStack() as stack:
        directory = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="convosphere-bench-")))
        yield stack.enter_context(_run(provider, directory, environment))


@contextmanager
def founded_product(provider: Provider | None, **environment: str) -> Iterator[Product]:
    """The same with an owner."""
    with running_product(provider, None, **environment) as product:
        product.found()
        yield product


@contextmanager
def _run(provider: Provider | None, data: Path, environment: Mapping[str, str]) -> Iterator[Product]:
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "convosphere", "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={**_clean_environment(provider), "PORT": str(port), "CONVOSPHERE_DATA": str(data), **environment},
        start_new_session=True,
    )
    lines: list[str] = []
    assert process.stdout is not None
    reader = threading.Thread(target=lines.extend, args=(iter(process.stdout.readline, ""),))
    reader.start()
    try:
        _wait_until_ready(process, lines, began)
        starter = psutil.Process(process.pid)
        yield Product(f"http://localhost:{port}", data, starter, time.monotonic() - began, lines)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        reader.join(10)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _clean_environment(provider: Provider | None) -> dict[str, str]:
    """The person's environment without keys and settings of their own."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "NPM_CONFIG_REGISTRY")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    # A bench does in a minute what its few people do in a day.
    environment |= {f"LIMIT_{kind}": "1000000/minute" for kind in ("AUTH", "UPLOAD", "API", "EVENTS")}
    if provider:
        environment |= {"OPENAI_BASE_URL": provider.url, "OPENAI_API_KEY": "none-needed"}
    return {**environment, "LOG_LEVEL": "warning", "DRAIN_SECONDS": "1"}


def _wait_until_ready(process: subprocess.Popen[str], lines: list[str], began: float) -> None:
    while not any("ConvoSphere is ready" in line for line in lines):
        if process.poll() is not None or time.monotonic() - began > START_SECONDS:
            raise BenchError("The product did not start:\n" + "".join(lines))
        time.sleep(0.02)
