"""Keys for the whole page, and the list in which a person changes them."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import reflex as rx
from reflex.event import EventCallback

from convosphere.ui.dialogs import dialog
from convosphere.ui.i18n import t

MODULE = "$/public/keys.js"


@dataclass(frozen=True)
class Shortcut:
    """Keys that press or focus what `selector` finds, else go to `route`, or open the palette; else they are listed.

    Keys are written as `mod+shift+o`, where `mod` is Ctrl or Command. What has an `id` can be given others. With
    `is_last` the last thing that is found counts.
    """

    keys: tuple[str, ...]
    label: rx.Var[str]
    id: str = ""
    selector: str = ""
    route: str = ""
    palette: Literal["", "all", "search"] = ""
    is_last: bool = False

    def as_row(self) -> dict[str, Any]:
        """As the browser takes it."""
        row = asdict(self)
        return {**row, "keys": list(self.keys), "label": self.label, "last": row.pop("is_last")}


def _on_keep(bindings: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (bindings,)


class _Shortcuts(rx.Component):
    library = MODULE
    tag = "Shortcuts"
    shortcuts: rx.Var[list[dict[str, Any]]]
    bindings: rx.Var[dict[str, str]]


class _KeyList(rx.Component):
    library = MODULE
    tag = "KeyList"
    shortcuts: rx.Var[list[dict[str, Any]]]
    bindings: rx.Var[dict[str, str]]
    labels: rx.Var[dict[str, str]]
    on_keep: rx.EventHandler[_on_keep]


def shortcut_listener(shortcuts: list[Shortcut], bindings: rx.Var[dict[str, str]]) -> rx.Component:
    """Listens in the browser; keys never travel to the server. `bindings` are the person's own, by id."""
    return _Shortcuts.create(shortcuts=[item.as_row() for item in shortcuts], bindings=bindings)


def keyboard_help(
    shortcuts: list[Shortcut],
    bindings: rx.Var[dict[str, str]],
    on_keep: EventCallback[dict[str, str]],
    trigger: rx.Component,
) -> rx.Component:
    """The list of keys, each of which can be changed, and the switch that turns them off."""
    labels = {
        "on": t("Use these keys"),
        "change": t("Change the keys for:"),
        "press": t("Press keys …"),
        "none": t("None"),
        "taken": t("These keys belong to:"),
        "help": t("Click keys to change them. Backspace removes them, Esc leaves them as they are."),
        "reset": t("Back to the usual keys"),
        **_key_names(),
    }
    listed = _KeyList.create(
        shortcuts=[item.as_row() for item in shortcuts], bindings=bindings, labels=labels, on_keep=on_keep
    )
    return dialog(t("Keyboard"), listed, trigger=trigger)


def _key_names() -> dict[str, rx.Var[str]]:
    return {
        "mod": t("Ctrl"),
        "shift": t("Shift"),
        "escape": t("Esc"),
        "enter": t("Enter"),
        "space": t("Space"),
    }
