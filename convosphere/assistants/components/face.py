"""The picture of an assistant: a drawing on a colour."""

import reflex as rx

from convosphere.assistants.schemas import ICONS


def face(icon: rx.Var[str] | str, color: rx.Var[str] | str, size: int = 28) -> rx.Component:
    """A round picture; the name stands beside it, so it says nothing to those who listen."""
    return rx.el.span(
        _drawing(icon, size * 4 // 7),
        class_name="assistant-face",
        data_color=color,
        style={"--face-size": f"{size}px"},
        aria_hidden="true",
    )


def _drawing(icon: rx.Var[str] | str, size: int) -> rx.Component:
    if isinstance(icon, str):
        return rx.icon(icon, size=size)
    drawings = [(name, rx.icon(name, size=size)) for name in ICONS]
    return rx.match(icon, *drawings, rx.icon(ICONS[0], size=size))  # pyright: ignore[reportReturnType]
