"""How processes log: one line for each event on standard error, tracebacks without the values of variables.

Values would carry what people wrote and what documents say, which has no place in a log.
"""

import logging
import re
import sys
from collections import Counter
from time import monotonic

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.typing import EventDict, WrappedLogger

LONGEST_FIELD = 2_000
LONGEST_ENTRY = 20_000
MOST_A_MINUTE = 100
"""Entries of one kind: what a stranger can cause must not fill the disk."""

# What moves a terminal's cursor, hides or reorders text.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
# Without a level they make a handler of their own, past the forms and limits of this one.
_SELF_WILLED = ("engineio.server", "socketio.server")
_plain_renderer = ConsoleRenderer(colors=False, exception_formatter=plain_traceback, sort_keys=False)


def configure_logs(level: str) -> None:
    """Log from `level` on (a name such as "info"), our own events and those of libraries, in one form."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    ration = Ration()
    structlog.configure(
        processors=[ration.of_ours, structlog.contextvars.merge_contextvars, *shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in _SELF_WILLED:
        logging.getLogger(name).setLevel(logging.ERROR)
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=render, foreign_pre_chain=shared))
    handler.addFilter(ration.of_libraries)
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)


class Ration:
    """Lets through so many entries of one kind a minute; the first of the next minute says how many were left out."""

    def __init__(self, most: int = MOST_A_MINUTE) -> None:
        self._most = most
        self._minute = 0
        self._counts: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()

    def of_ours(self, _logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        """Leave out an entry of our own, whose event names its kind."""
        kind = str(event.get("event"))[:LONGEST_FIELD]
        if not self.allows(kind):
            raise structlog.DropEvent
        left_out = self._left_out.pop(kind, 0)
        return {**event, "left_out_before": left_out} if left_out else event

    def of_libraries(self, record: logging.LogRecord) -> bool:
        """Leave out an entry of a library; those of one line of code are of one kind."""
        return self.allows(f"{record.pathname}:{record.lineno}")

    def allows(self, kind: str) -> bool:
        """Count an entry; False when it is one too many."""
        minute = int(monotonic() / 60)
        if minute != self._minute:
            self._minute, self._left_out = minute, self._counts - Counter(dict.fromkeys(self._counts, self._most))
            self._counts = Counter()
        self._counts[kind] += 1
        return self._counts[kind] <= self._most


def render(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """An entry as text. What strangers sent neither forges lines, nor moves the cursor, nor fills the disk."""
    tamed = {key: _one_line(value) if isinstance(value, str) else value for key, value in event.items()}
    return _UNSEEN.sub(_named, str(_plain_renderer(logger, name, tamed)))[:LONGEST_ENTRY]


def _one_line(text: str) -> str:
    return text[:LONGEST_FIELD].replace("\r", "\\r").replace("\n", "\\n")


def _named(sign: re.Match[str]) -> str:
    return sign[0].encode("unicode_escape").decode()
