"""Faces of a list or page that has nothing, waits or failed, and small signs of state."""

from typing import Any, Literal

import reflex as rx

from convosphere.ui.buttons import Text, button
from convosphere.ui.i18n import t
from convosphere.ui.theme import TONE_COLORS, Tone

Drawing = Literal["conversations", "documents", "figures", "lost", "people", "search"]
# Drawn by hand on a 120 px square, in two strokes that take the colours of the theme.
_DRAWINGS: dict[Drawing, tuple[str, str]] = {
    "conversations": (
        "M22 34a10 10 0 0 1 10-10h46a10 10 0 0 1 10 10v26a10 10 0 0 1-10 10H50L36 82V70h-4a10 10 0 0 1-10-10Z",
        "M56 82v2a10 10 0 0 0 10 10h14l12 10V94a8 8 0 0 0 8-8V60a8 8 0 0 0-4-7M38 40h32M38 52h20",
    ),
    "documents": (
        "M34 22h34l18 18v52a6 6 0 0 1-6 6H34a6 6 0 0 1-6-6V28a6 6 0 0 1 6-6Z",
        "M66 22v20h20M42 58h28M42 70h28M42 82h16M92 46v50a8 8 0 0 1-8 8H44",
    ),
    "figures": (
        "M22 78h18v20H22ZM51 54h18v44H51ZM80 34h18v64H80Z",
        "M14 104h92M24 56l22-20 22 6 26-26M82 16h12v12",
    ),
    "people": (
        "M46 26a15 15 0 1 1 0 30 15 15 0 0 1 0-30ZM18 96c0-17 12-28 28-28s28 11 28 28Z",
        "M76 32a12 12 0 0 1 0 24M84 68c11 3 18 13 18 28H84",
    ),
    "search": (
        "M52 24a28 28 0 1 1 0 56 28 28 0 0 1 0-56Z",
        "m73 73 23 23M40 46h24M40 57h14",
    ),
    "lost": (
        "M26 44h20a6 6 0 0 1 6 6v20a6 6 0 0 1-6 6H26a8 8 0 0 1-8-8V52a8 8 0 0 1 8-8Z"
        "M94 44H80a6 6 0 0 0-6 6v20a6 6 0 0 0 6 6h14a8 8 0 0 0 8-8V52a8 8 0 0 0-8-8Z",
        "M52 53h9M52 67h9M18 60H6M102 60h12M63 34V24M52 36l-5-8M74 36l5-8",
    ),
}


def drawing(name: Drawing) -> rx.Component:
    """A quiet line drawing of 120 px; decorative."""
    ground, lines = _DRAWINGS[name]
    return rx.el.svg(
        rx.el.path(d=ground, class_name="drawing-ground"),
        rx.el.path(d=lines, class_name="drawing-lines"),
        view_box="0 0 120 120",
        width="120px",
        height="120px",
        fill="none",
        class_name="drawing",
        aria_hidden="true",
    )


def empty_state(sentence: Text, *acts: rx.Component, picture: Drawing = "documents", **props: Any) -> rx.Component:
    """A drawing, one sentence, one act."""
    return rx.el.div(
        drawing(picture), rx.el.p(sentence), rx.el.div(*acts, class_name="acts"), **{"class_name": "empty", **props}
    )


def skeleton_rows(count: int = 6, height: str = "44px") -> rx.Component:
    """Rows in the shape of a list that is being fetched."""
    widths = ("62%", "48%", "71%", "55%", "40%", "66%")
    rows = [
        rx.el.div(rx.el.span(class_name="skeleton", style={"width": widths[index % 6]}), style={"height": height})
        for index in range(count)
    ]
    return rx.el.div(
        rx.el.span(t("Loading"), class_name="visually-hidden"), *rows, class_name="skeleton-rows", role="status"
    )


def error_face(
    what: Text, why: Text = "", on_retry: rx.event.EventType[()] | None = None, **props: Any
) -> rx.Component:
    """What failed, why, and a way to try again."""
    retry = [button(t("Try again"), icon="rotate-cw", on_click=on_retry)] if on_retry is not None else []
    return rx.el.div(
        drawing("lost"),
        rx.el.p(what, class_name="strong"),
        rx.el.p(why, class_name="quiet"),
        rx.el.div(*retry, class_name="acts"),
        role="alert",
        **{"class_name": "empty", **props},
    )


def notice(
    text: Text, *acts: rx.Component, tone: Tone = "attention", icon: str = "triangle-alert", **props: Any
) -> rx.Component:
    """One sentence that needs a look, where it applies, with at most one act."""
    return rx.el.div(
        rx.icon(icon, size=16, aria_hidden="true"),
        rx.el.span(text, class_name="notice-text"),
        *acts,
        data_accent_color=TONE_COLORS[tone],
        **{"class_name": "notice", "role": "status", **props},
    )


def status_word(
    label: Text, tone: Tone | rx.Var[str] = "neutral", *, is_busy: bool | rx.Var[bool] = False
) -> rx.Component:
    """A state as a word with a dot; the dot breathes while something goes on. Also takes a var of `Tone`."""
    color = rx.match(tone, *TONE_COLORS.items(), "gray") if isinstance(tone, rx.Var) else TONE_COLORS[tone]
    return rx.el.span(
        rx.el.span(class_name="status-dot", data_busy=is_busy, aria_hidden="true"),
        label,
        class_name="status-word",
        data_accent_color=color,
    )


def progress_bar(
    value: rx.Var[int] | rx.Var[float] | float, label: Text, *, total: rx.Var[int] | float = 100
) -> rx.Component:
    """A thin bar; `label` names what goes on for screen readers."""
    return rx.el.progress(value=value, max=total, aria_label=label, class_name="progress")


def spinner(label: Text | None = None) -> rx.Component:
    """A small turning ring, named "Loading" unless said otherwise."""
    return rx.el.span(class_name="spinner", role="status", aria_label=t("Loading") if label is None else label)
