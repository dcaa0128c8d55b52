"""Tables as text: comma-separated values and their kin."""

import csv
from collections.abc import Iterator
from itertools import islice

from convosphere.knowledge.parsing.blocks import Draft
from convosphere.knowledge.parsing.plain.text import read_source
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.parsing.tables import Row, row_of, table_blocks

_SAMPLE = 20_000
_DELIMITERS = ";,\t|"


def read_csv(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a table in text; cells that begin like formulas stay the text that they are."""
    del report
    text, warnings = read_source(source, limits)
    rows = list(islice(_rows(text, limits), limits.rows + 1))
    if len(rows) > limits.rows:
        warnings.append(ParseWarning(WarningCode.ROWS_LEFT_OUT, rows.pop().number))
    return Draft(list(table_blocks(rows, warnings)), warnings=warnings, is_named_by_file=True)


def _rows(text: str, limits: Limits) -> Iterator[Row]:
    csv.field_size_limit(limits.characters)
    # What is no table to the module, such as a quotation mark that never closes, is read line by line.
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter_of(text[:_SAMPLE]), strict=False)
    for number, cells in enumerate(reader, start=1):
        if row := row_of(number, cells):
            yield row


def delimiter_of(sample: str) -> str:
    """What parts the cells: the mark that stands equally often in most lines, and most often."""
    lines = [line for line in sample.split("\n")[:50] if line.strip()]
    counts = {mark: [line.count(mark) for line in lines] for mark in _DELIMITERS}

    def fitness(mark: str) -> tuple[float, int]:
        found = counts[mark]
        usual = max(set(found), key=found.count, default=0)
        return (found.count(usual) / len(found) if usual else 0.0, usual)

    return max(_DELIMITERS, key=fitness) if lines else ","
