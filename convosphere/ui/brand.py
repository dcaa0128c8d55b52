"""The product's mark: two voices that share one sphere."""

import reflex as rx

NAME = "ConvoSphere"


def mark(size: int = 24) -> rx.Component:
    """The mark alone; decorative, since the name or a label stands beside it."""
    return rx.el.svg(
        rx.el.path(d="M16 3a13 13 0 1 0 6.6 24.2L29 29l-1.8-6.4A13 13 0 0 0 16 3Z", class_name="brand-sphere"),
        rx.el.path(d="M9.5 14.5c3.8-4.2 9.2-4.2 13 0", class_name="brand-voice"),
        rx.el.path(d="M9.5 18.5c3.8 4.2 9.2 4.2 13 0", class_name="brand-answer"),
        view_box="0 0 32 32",
        width=f"{size}px",
        height=f"{size}px",
        class_name="brand-mark",
        aria_hidden="true",
        fill="none",
    )


def wordmark(size: int = 24) -> rx.Component:
    """The mark with the name."""
    return rx.el.span(mark(size), rx.el.span(NAME, class_name="brand-name"), class_name="brand", translate="no")
