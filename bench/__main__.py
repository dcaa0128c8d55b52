"""`python -m bench [NAME …]`: run the benches of these names, or all, and print their figures."""

import argparse
from collections.abc import Callable, Iterator

from bench import ingest, listing, load, page, start, stream
from bench.figures import Figure, print_table

BENCHES: dict[str, tuple[str, Callable[[], Iterator[Figure]]]] = {
    "page": ("Opening the chat in a browser", page.measure),
    "stream": ("An answer on its way into a browser", stream.measure),
    "load": ("Many conversations at once", load.measure),
    "listing": ("The list of conversations", listing.measure),
    "start": ("Start and memory", start.measure),
    "ingest": ("Documents and questions", ingest.measure),
}


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], metavar="NAME", help=", ".join(BENCHES))
    for name in parser.parse_args().names or BENCHES:
        title, measure = BENCHES[name]
        print_table(title, list(measure()))


if __name__ == "__main__":
    main()
