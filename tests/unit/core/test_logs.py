"""What a log may look like, whatever strangers put into it."""

import logging

import pytest
import structlog

from convosphere.core.logs import LONGEST_ENTRY, LONGEST_FIELD, configure_logs, render

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
