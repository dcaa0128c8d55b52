"""Sizes and ages that documents are sorted into, to be counted and filtered by."""

from typing import Final

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func
from sqlalchemy.sql.functions import Function

Class = tuple[int, int | None]
"""From, and up to but without."""

_KILOBYTE: Final = 1024
_MEGABYTE: Final = 1024 * _KILOBYTE
SIZES: Final[dict[str, Class]] = {
    "tiny": (0, 100 * _KILOBYTE),
    "small": (100 * _KILOBYTE, _MEGABYTE),
    "medium": (_MEGABYTE, 10 * _MEGABYTE),
    "large": (10 * _MEGABYTE, 100 * _MEGABYTE),
    "huge": (100 * _MEGABYTE, None),
}
"""In bytes."""
AGES: Final[dict[str, Class]] = {
    "week": (0, 7),
    "month": (7, 30),
    "quarter": (30, 90),
    "year": (90, 365),
    "older": (365, None),
}
"""In days since the current content came."""


def is_size(size: SQLColumnExpression[int], wanted: Class) -> ColumnElement[bool]:
    """True in SQL of sizes in a class."""
    least, most = wanted
    return size >= least if most is None else and_(size >= least, size < most)


def is_age(moment: SQLColumnExpression[object], wanted: Class) -> ColumnElement[bool]:
    """True in SQL of moments that lie so many days back."""
    least, most = wanted
    begins = moment <= _ago(least) if least else moment.is_not(None)
    return begins if most is None else and_(begins, moment > _ago(most))


def size_of(size: SQLColumnExpression[int]) -> ColumnElement[str]:
    """The key of a size's class in SQL."""
    return case(*((is_size(size, each), key) for key, each in SIZES.items()))


def age_of(moment: SQLColumnExpression[object]) -> ColumnElement[str]:
    """The key of an age's class in SQL."""
    return case(*((is_age(moment, each), key) for key, each in AGES.items()))


def _ago(days: int) -> ColumnElement[object]:
    interval: Function[object] = func.make_interval(0, 0, 0, days)
    return func.now() - interval
