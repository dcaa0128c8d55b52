"""What a log may look like, whatever strangers put into it."""

import logging

import pytest
import socketio
import structlog

from convosphere.core.logs import LONGEST_ENTRY, LONGEST_FIELD, MOST_A_MINUTE, Ration, configure_logs, render

HOSTILE = "first\nsecond\r\x1b[2J\x9b1A\u202eevil\u2028\U000e0041\x00"


def test_an_entry_is_one_line_without_commands_for_a_terminal() -> None:
    line = render(None, "", {"event": HOSTILE, "given": HOSTILE, "level": "info"})
    assert "\n" not in line
    assert line.isprintable()
    assert "\\x1b[2J" in line


def test_an_entry_has_an_end() -> None:
    assert len(render(None, "", {"event": "x" * 10**6})) <= LONGEST_FIELD + 100
    assert (
        len(render(None, "", {"event": "x", **{f"field{number}": "y" * 3000 for number in range(100)}}))
        == LONGEST_ENTRY
    )


@pytest.mark.parametrize("log", [structlog.get_logger(), logging.getLogger("a.library")])
def test_values_of_variables_stay_out_of_tracebacks(log: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    handlers = logging.getLogger().handlers[:]
    try:
        configure_logs("info")
        password = "hunter" + "two"
        try:
            int("9" + password[:0] + "x")
        except ValueError:
            log.exception("it_failed")
    finally:
        logging.getLogger().handlers[:] = handlers
        structlog.reset_defaults()
    written = capsys.readouterr().err
    assert "it_failed" in written
    assert "ValueError" in written
    assert "huntertwo" not in written


def test_what_strangers_cause_fills_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("convosphere.core.logs.monotonic", lambda: clock[0])
    ration = Ration(most=3)

    def write(event: str) -> dict[str, object] | None:
        try:
            return dict(ration.of_ours(None, "", {"event": event}))
        except structlog.DropEvent:
            return None

    assert [write("strange_frame") is not None for _ in range(10)] == [True] * 3 + [False] * 7
    assert write("another") == {"event": "another"}
    clock[0] = 60.0
    assert write("strange_frame") == {"event": "strange_frame", "left_out_before": 7}
    assert write("strange_frame") == {"event": "strange_frame"}


def test_libraries_fill_no_disk_either(capsys: pytest.CaptureFixture[str]) -> None:
    handlers = logging.getLogger().handlers[:]
    try:
        configure_logs("info")
        for number in range(3 * MOST_A_MINUTE):
            logging.getLogger("a.library").error("it failed: %s", number)
            structlog.get_logger().error("we_failed", number=number)
    finally:
        logging.getLogger().handlers[:] = handlers
        structlog.reset_defaults()
    written = capsys.readouterr().err
    # The minute may change once meanwhile.
    assert written.count("it failed") in {MOST_A_MINUTE, 2 * MOST_A_MINUTE}
    assert written.count("we_failed") in {MOST_A_MINUTE, 2 * MOST_A_MINUTE}


def test_no_library_writes_past_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    handlers = logging.getLogger().handlers[:]
    try:
        configure_logs("info")
        socketio.AsyncServer(async_mode="asgi")
        for name in ("engineio.server", "socketio.server"):
            logging.getLogger(name).error("said\nonce")
    finally:
        logging.getLogger().handlers[:] = handlers
        structlog.reset_defaults()
    written = capsys.readouterr().err
    assert written.count("said\\nonce") == 2
    assert len(written.splitlines()) == 2
