"""Words on screen, from the pages' side: vars that the browser translates, so that switching needs no server.

The browser's half is `assets/i18n.js`. Texts made by the server (`core.i18n.Message`) are shown with `t_message`.
"""

from collections.abc import Mapping
from typing import Any, Literal

import reflex as rx
from reflex.event import EventCallback
from reflex.vars import FunctionStringVar, FunctionVar, StringVar, VarData
from reflex.vars.function import ReflexCallable
from reflex_base.utils.imports import ImportVar

MODULE = "$/public/i18n.js"
Value = rx.Var | str | float
Moment = rx.Var | str
LocaleHandler = EventCallback[str]
DateStyle = Literal["date", "time", "date-time", "full"]

_DIRECTION_PACKAGE = "radix-ui@1.8.1"  # The one that Radix Themes 3.3.0 shares its direction with.
_I18N = VarData(
    imports={MODULE: [ImportVar(tag="useI18n")], _DIRECTION_PACKAGE: [ImportVar(tag=None, render=False)]},
    hooks={"const i18n = useI18n();": None},
)
_TEXT_FUNCTION = ReflexCallable[Any, str]
_SET_LOCALE = VarData(imports={MODULE: [ImportVar(tag="setLocale")]})
_NOW = VarData(imports={MODULE: [ImportVar(tag="useNow")]}, hooks={"const now = useNow();": None})


def t(text: str, **values: Value) -> StringVar:
    """A text in the visitor's language; `{name}` in it is replaced by the value of that name."""
    return _call("t", text, _record(values)) if values else _call("t", text)


def tn(singular: str, plural: str, count: Value, **values: Value) -> StringVar:
    """The form of a text that fits `count`, which stands in it as `{count}`."""
    return _call("tn", singular, plural, count, *([_record(values)] if values else []))


def t_message(message: rx.Var) -> StringVar:
    """A text made by the server, given as `core.i18n.Message.as_dict()`; empty for None or {}."""
    return _call("message", message)


def relative_time(moment: Moment) -> StringVar:
    """How long ago an ISO 8601 moment was, such as "5 minutes ago"; renewed by itself."""
    return _call("relative", moment, rx.Var(_js_expr="now", _var_data=_NOW))


def exact_time(moment: Moment) -> rx.Component:
    """How long ago a moment was, with the exact time on hover."""
    return rx.el.time(relative_time(moment), title=format_date(moment, "full"), date_time=moment)


def format_date(moment: Moment, style: DateStyle = "date-time") -> StringVar:
    """An ISO 8601 moment in the form and time zone of the visitor."""
    return _call("date", moment, style)


def format_number(value: Value, digits: int = 3) -> StringVar:
    """A number with the visitor's separators and at most so many decimals."""
    return _call("number", value, digits)


def format_money(value: Value, currency: Value) -> StringVar:
    """An amount in a currency (ISO 4217), as exact as `assets/money.js` says."""
    return _call("money", value, currency)


def format_day(day: Moment) -> StringVar:
    """A day such as `2026-11-20`, without its year; no time zone changes it."""
    return _call("day", day)


def format_full_day(day: Moment) -> StringVar:
    """The same with its year."""
    return _call("fullDay", day)


def format_month(day: Moment) -> StringVar:
    """The month of a day, with its year."""
    return _call("month", day)


def format_bytes(size: Value) -> StringVar:
    """A size in bytes with the fitting unit (powers of 1,000), such as "1.4 MB"."""
    return _call("bytes", size)


def current_locale() -> StringVar:
    """The language shown now, as in `LOCALES`."""
    return rx.Var(_js_expr="i18n.locale", _var_type=str, _var_data=_I18N).to(str)


def current_time_zone() -> StringVar:
    """The time zone that dates are shown in (IANA)."""
    return rx.Var(_js_expr="i18n.zone", _var_type=str, _var_data=_I18N).to(str)


def set_locale(locale: str | rx.Var, on_change: LocaleHandler | None = None) -> list[FunctionVar | EventCallback]:
    """What a language option does on click: switch all words at once, then tell `on_change(locale)`."""
    switch = FunctionStringVar.create("setLocale", _var_data=_SET_LOCALE).partial(locale)
    return [switch] if on_change is None else [switch, on_change(locale)]


class _LocaleRoot(rx.Component):
    """Gives Radix the direction of the language and shows the words once they are the right ones."""

    library = MODULE
    tag = "LocaleRoot"


class _LocaleOfPerson(rx.Component):
    """Adopts the language stored with the account where the browser has no choice of its own."""

    library = MODULE
    tag = "LocaleOfPerson"
    locale: rx.Var[str]


locale_root = _LocaleRoot.create
locale_of_person = _LocaleOfPerson.create


def _call(name: str, *arguments: Value) -> StringVar:
    return FunctionStringVar.create(f"i18n.{name}", _TEXT_FUNCTION, _var_data=_I18N).call(*arguments).to(str)


def _record(values: Mapping[str, Value]) -> rx.Var:
    return rx.Var.create(dict(values))
