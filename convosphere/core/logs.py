"""How processes log: one line for each event on standard error, tracebacks without the values of variables.

Values would carry what people wrote and what documents say, which has no place in a log.
"""

import logging
import sys

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback


def configure_logs(level: str) -> None:
    """Log from `level` on (a name such as "info"), our own events and those of libraries, in one form."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    renderer = ConsoleRenderer(colors=False, exception_formatter=plain_traceback, sort_keys=False)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
