"""The picture of an assistant: a drawing on a colour, or one of its own."""

import reflex as rx

from convosphere.assistants.schemas import ICONS, OWN_PICTURE


def face(icon: rx.Var[str] | str, color: rx.Var[str] | str, size: int = 28) -> rx.Component:
    """A round picture; the name stands beside it, so it says nothing to those who listen."""
    return rx.el.span(
        _picture(icon, size),
        class_name="assistant-face",
        data_color=color,
        style={"--face-size": f"{size}px"},
        aria_hidden="true",
    )


def _picture(icon: rx.Var[str] | str, size: int) -> rx.Component:
    drawn = size * 4 // 7
    if isinstance(icon, str):
        return rx.icon(icon, size=drawn)
    drawings = [(name, rx.icon(name, size=drawn)) for name in ICONS]
    drawing = rx.match(icon, *drawings, rx.icon(ICONS[0], size=drawn))
    digest = icon.to(str).replace(OWN_PICTURE, "")
    own = rx.el.img(src=f"/api/assistant-pictures/{digest}", alt="", loading="lazy", class_name="assistant-picture")
    return rx.cond(icon.to(str).startswith(OWN_PICTURE), own, drawing)
