"""Things to press: every one has a name for those who cannot see its icon."""

from typing import Any, Literal

import reflex as rx

from convosphere.ui.theme import ICON_BAR, ICON_ROW, TONE_COLORS, Tone

Text = rx.Var[str] | str
Weight = Literal["primary", "secondary", "quiet"]
_VARIANTS: dict[Weight, Literal["solid", "soft", "ghost"]] = {"primary": "solid", "secondary": "soft", "quiet": "ghost"}


def button(
    label: Text, *, icon: str | None = None, weight: Weight = "secondary", tone: Tone | None = None, **props: Any
) -> rx.Component:
    """A button with words. One `primary` at most in a view; `tone="bad"` for what destroys."""
    color: Tone = tone or ("accent" if weight == "primary" else "neutral")
    return rx.button(
        *([rx.icon(icon, size=ICON_ROW, aria_hidden="true")] if icon else []),
        label,
        variant=_VARIANTS[weight],
        color_scheme=TONE_COLORS[color],
        high_contrast=color in {"neutral", "attention"},
        **{"type": "button", "size": "2", **props},
    )


def icon_button(
    icon: str, label: Text, *, tone: Tone = "neutral", size: int = ICON_BAR, tooltip: bool = True, **props: Any
) -> rx.Component:
    """A button that is only an icon; its name is read aloud, and shown after half a second of hovering."""
    style = {"--icon-size": f"{size}px"} if size != ICON_BAR else {}
    control = rx.icon_button(
        rx.icon(icon, size=size, aria_hidden="true"),
        aria_label=label,
        color_scheme=TONE_COLORS[tone],
        **{"type": "button", "variant": "ghost", "size": "2", "class_name": "icon-button", "style": style, **props},
    )
    return rx.tooltip(control, content=label, delay_duration=500) if tooltip else control


def message_act(icon: str, label: Text, **props: Any) -> rx.Component:
    """A small act below a message; `assets/message_act.js` draws others like it."""
    return rx.el.button(
        rx.icon(icon, size=ICON_ROW, aria_hidden="true"),
        rx.el.span(label, class_name="visually-hidden"),
        **{"type": "button", "class_name": "message-act message-sign", "title": label, **props},
    )


def link_button(label: Text, href: Text, *, icon: str | None = None, weight: Weight = "secondary") -> rx.Component:
    """A link that looks like a button."""
    color: Tone = "accent" if weight == "primary" else "neutral"
    return rx.button(
        rx.link(
            *([rx.icon(icon, size=ICON_ROW, aria_hidden="true")] if icon else []),
            label,
            href=href,
            color_scheme=TONE_COLORS[color],  # Else the link's own colour is laid over the button's.
        ),
        as_child=True,
        variant=_VARIANTS[weight],
        color_scheme=TONE_COLORS[color],
        high_contrast=color == "neutral",
    )


def file_link(label: Text, href: Text, *, size: Literal["1", "2"] = "2", **props: Any) -> rx.Component:
    """A link to a file that the server makes, which looks like a button."""
    link = rx.el.a(
        rx.icon("download", size=ICON_ROW, aria_hidden="true"),
        label,
        href=href,
        download=True,
        custom_attrs={"reloadDocument": True},  # It is no page of the frontend's router.
        **props,
    )
    return rx.button(link, as_child=True, size=size, variant="soft", color_scheme="gray", high_contrast=True)
