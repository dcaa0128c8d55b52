"""Faces of people: their picture, or the first letters of their name."""

from typing import Literal

import reflex as rx

Size = Literal["small", "large"]


def avatar(initials: rx.Var[str] | str, address: rx.Var[str] | str = "", size: Size = "small") -> rx.Component:
    """A round face of 28 px, or of 72; the name stands beside it, so it says nothing to those who listen."""
    return rx.el.span(
        rx.cond(address != "", rx.el.img(src=address, alt="", class_name="avatar-picture"), initials),
        class_name="avatar" if size == "small" else "avatar avatar-large",
        aria_hidden="true",
    )
