"""Figures, and the table that they are printed in."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One thing that was measured. `wanted` is the aim as people say it; `conditions` what it was measured under."""

    name: str
    measured: str
    wanted: str = ""
    conditions: str = ""


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of all values lies; not a number when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def spread(values: Sequence[float], unit: str = "ms") -> str:
    """Middle and 95th percentile."""
    if not values:
        return "nothing measured"
    return f"p50 {_short(statistics.median(values))} {unit}, p95 {_short(percentile(values, 0.95))} {unit}"


def middle(values: Sequence[float], unit: str = "ms") -> str:
    """The middle value."""
    return f"{_short(statistics.median(values))} {unit}" if values else "nothing measured"


def machine() -> str:
    """What the machine is and what else it does, in a line."""
    loads = " ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"{os.cpu_count()} cores, load {loads} (1, 5, 15 minutes)"


def print_table(title: str, figures: Sequence[Figure]) -> None:
    """The figures of one bench with the machine's load at its end."""
    rows = [("figure", "measured", "wanted", "conditions")]
    rows += [(figure.name, figure.measured, figure.wanted, figure.conditions) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    print(f"\n{title} · {machine()}")
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print("  " + " | ".join([*cells, row[3]]).rstrip(" |"), flush=True)


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"
