"""`python -m bench [NAME …]`: run the benches of these names, or all, and print their figures."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator

from bench import (
    assistants,
    bulk,
    entry,
    finding,
    gateway,
    ingest,
    library,
    listing,
    load,
    page,
    panes,
    passages,
    rendering,
    roster,
    sidebar,
    start,
    stream,
    trail,
    uploads,
    usage,
)
from bench.figures import Figure, print_table

BENCHES: dict[str, tuple[str, Callable[[], Iterator[Figure]]]] = {
    "page": ("Opening the chat in a browser", page.measure),
    "stream": ("An answer on its way into a browser", stream.measure),
    "rendering": ("Answers that are too much of something", rendering.measure),
    "sidebar": ("The sidebar", sidebar.measure),
    "panes": ("Four chats in one window", panes.measure),
    "gateway": ("The way to a model", gateway.measure),
    "load": ("Many conversations at once", load.measure),
    "finding": ("Finding among 100,000 messages", finding.measure),
    "library": ("The list of 20,000 documents", library.measure),
    "listing": ("The list of conversations", listing.measure),
    "assistants": ("The page of 2,000 assistants", assistants.measure),
    "roster": ("The page of 10,000 people", roster.measure),
    "start": ("Start and memory", start.measure),
    "entry": ("Getting in", entry.measure),
    "trail": ("The audit trail", trail.measure),
    "usage": ("Usage and budgets", usage.measure),
    "bulk": ("Work on 20,000 documents", bulk.measure),
    "uploads": ("A large file", uploads.measure),
    "ingest": ("Documents and questions", ingest.measure),
    "passages": ("New passages of documents there are", passages.measure),
}


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], metavar="NAME", help=", ".join(BENCHES))
    names = parser.parse_args().names or BENCHES
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # So that what was started is stopped.
    for name in names:
        _run(*BENCHES[name])


def _run(title: str, measure: Callable[[], Iterator[Figure]]) -> None:
    """Print what was measured, also when not all could be."""
    figures: list[Figure] = []
    try:
        figures.extend(measure())
    finally:
        print_table(title, figures)


if __name__ == "__main__":
    main()
