"""Keys for the whole page, and the dialog that lists them."""

from dataclasses import dataclass

import reflex as rx

from convosphere.ui.dialogs import dialog
from convosphere.ui.i18n import t
from convosphere.ui.layout import FRAME_MODULE


@dataclass(frozen=True)
class Shortcut:
    """Keys that press or focus what `selector` finds, else go to `route`; without both they are only listed.

    Keys are written as `mod+shift+o`, where `mod` is Ctrl or Command.
    """

    keys: tuple[str, ...]
    label: rx.Var[str]
    selector: str = ""
    route: str = ""


class _Shortcuts(rx.Component):
    library = FRAME_MODULE
    tag = "Shortcuts"
    shortcuts: rx.Var[list[dict[str, str | list[str]]]]


def shortcut_listener(shortcuts: list[Shortcut]) -> rx.Component:
    """Listens in the browser; keys never travel to the server."""
    rows = [{"keys": list(item.keys), "selector": item.selector, "route": item.route} for item in shortcuts]
    return _Shortcuts.create(shortcuts=rows)


def keyboard_help(shortcuts: list[Shortcut], trigger: rx.Component) -> rx.Component:
    """The list of keys."""
    rows = [
        rx.el.div(rx.el.dt(item.label), rx.el.dd(*_key_caps(item.keys[0])), class_name="shortcut-row")
        for item in shortcuts
    ]
    return dialog(t("Keyboard"), rx.el.dl(*rows, class_name="shortcuts"), trigger=trigger)


def _key_caps(keys: str) -> list[rx.Component]:
    return [rx.el.kbd(_KEY_NAMES.get(key, key.upper())) for key in keys.split("+")]


def _key_names() -> dict[str, rx.Var[str] | str]:
    return {
        "mod": t("Ctrl"),
        "shift": t("Shift"),
        "escape": t("Esc"),
        "enter": t("Enter"),
        "space": t("Space"),
        "arrowdown": "↓",
    }


_KEY_NAMES = _key_names()
