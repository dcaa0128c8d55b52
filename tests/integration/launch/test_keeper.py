"""Processes that die, talk and hang."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from convosphere.core.errors import ConfigurationError
from convosphere.launch.keeper import GaveUpError, KeptProcess
from convosphere.launch.locks import exclusive_lock, holder
from convosphere.launch.processes import run_child, start_child, stop_child


def test_process_that_keeps_dying_is_given_up_with_its_last_words(capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", "print('no disk left'); raise SystemExit(3)"]
    kept = KeptProcess("patient", lambda: start_child(command, output=subprocess.PIPE))
    kept.start()
    with pytest.raises(GaveUpError, match=r"(?s)patient died 3 times.*no disk left"):
        _watch(kept)
    assert capsys.readouterr().out.count("no disk left") == 3


def test_process_that_ignores_the_request_is_forced() -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); signal.pause()"
    child = start_child([sys.executable, "-c", deaf], output=subprocess.PIPE)
    assert child.stdout is not None
    with child.stdout as output:
        assert output.readline() == b"on\n"
        assert stop_child(child, patience=0.1) == -signal.SIGKILL


def test_failed_command_is_told_with_its_last_lines() -> None:
    seen: list[str] = []
    command = [sys.executable, "-c", "print('one'); print('two'); raise SystemExit(1)"]
    with pytest.raises(ConfigurationError, match=r"(?s)The cake could not be made ready.*two"):
        run_child(command, "The cake", each_line=seen.append)
    assert seen == ["one", "two"]


def test_lock_names_its_holder_and_goes_with_it(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    hold = (
        "import sys, signal; from pathlib import Path; from convosphere.launch.locks import exclusive_lock\n"
        "with exclusive_lock(Path(sys.argv[1]), 'runs'):\n print('held', flush=True); signal.pause()"
    )
    other = start_child([sys.executable, "-c", hold, lock], output=subprocess.PIPE)
    assert other.stdout is not None
    with other.stdout as output:
        assert output.readline() == b"held\n"
        assert holder(lock) == other.pid
        with pytest.raises(ConfigurationError, match=f"process {other.pid} runs"), exclusive_lock(lock, "runs"):
            pass
        other.kill()
        other.wait()
    assert lock.exists(), "a killed process cannot tidy up"
    assert holder(lock) is None
    with exclusive_lock(lock, "runs"):
        assert lock.exists()
    assert not lock.exists()


def _watch(kept: KeptProcess) -> None:
    while True:
        kept.check()
        time.sleep(0.02)
