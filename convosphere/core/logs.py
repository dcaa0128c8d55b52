"""How processes log: one line for each event on standard error, tracebacks without the values of variables.

Values would carry what people wrote and what documents say, which has no place in a log.
"""

import logging
import re
import sys

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.typing import EventDict, WrappedLogger

LONGEST_FIELD = 2_000
LONGEST_ENTRY = 20_000

# What moves a terminal's cursor, hides or reorders text.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_plain_renderer = ConsoleRenderer(colors=False, exception_formatter=plain_traceback, sort_keys=False)


def configure_logs(level: str) -> None:
    """Log from `level` on (a name such as "info"), our own events and those of libraries, in one form."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=render, foreign_pre_chain=shared))
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)


def render(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """An entry as text. What strangers sent neither forges lines, nor moves the cursor, nor fills the disk."""
    tamed = {key: _one_line(value) if isinstance(value, str) else value for key, value in event.items()}
    return _UNSEEN.sub(_named, str(_plain_renderer(logger, name, tamed)))[:LONGEST_ENTRY]


def _one_line(text: str) -> str:
    return text[:LONGEST_FIELD].replace("\r", "\\r").replace("\n", "\\n")


def _named(sign: re.Match[str]) -> str:
    return sign[0].encode("unicode_escape").decode()
