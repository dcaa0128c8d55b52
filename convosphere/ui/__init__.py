"""Stateless pieces of pages, tokens of the look, names of routes and words on screen; knows no domain."""

from convosphere.core.i18n import LOCALE_NAMES, LOCALES
from convosphere.ui.i18n import (
    current_locale,
    exact_time,
    format_bytes,
    format_date,
    format_number,
    locale_of_person,
    locale_root,
    relative_time,
    set_locale,
    t,
    t_message,
    tn,
)

__all__ = [
    "LOCALES",
    "LOCALE_NAMES",
    "current_locale",
    "exact_time",
    "format_bytes",
    "format_date",
    "format_number",
    "locale_of_person",
    "locale_root",
    "relative_time",
    "set_locale",
    "t",
    "t_message",
    "tn",
]
