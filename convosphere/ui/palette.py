"""The command palette: pages, acts and what was said, by a few letters."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.core.i18n import LOCALE_NAMES
from convosphere.ui.i18n import t

MODULE = "$/public/palette.js"


Group = Literal["acts", "pages", "administration", "account", "look"]


@dataclass(frozen=True)
class Command:
    """Something to be chosen: it presses or focuses what `selector` finds, else goes to `route`.

    Where there is neither it is not offered. `icon` is the name of a lucide icon. `others` are further names that find
    it, `needs` permissions of which one shows it.
    """

    id: str
    label: rx.Var[str]
    icon: str
    group: Group
    route: str = ""
    selector: str = ""
    locale: str = ""
    theme: str = ""
    others: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def as_row(self) -> dict[str, Any]:
        """As the browser takes it."""
        row = {**asdict(self), "label": self.label, "others": list(self.others), "needs": list(self.needs)}
        return row | {"icon": rx.icon(self.icon, size=16, aria_hidden="true")}


def _on_text(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (text,)


class Palette(rx.Component):
    """See `assets/palette.js`. `found` is `{query, things, hits, unknown}`, `recent` rows of `{id, label, route}`."""

    library = MODULE
    tag = "Palette"
    commands: rx.Var[list[dict[str, Any]]]
    recent: rx.Var[list[Any]]
    found: rx.Var[Any]
    filters: rx.Var[list[dict[str, Any]]]
    permissions: rx.Var[list[str]]
    labels: rx.Var[dict[str, str]]
    on_look_up: rx.EventHandler[_on_text]
    on_locale: rx.EventHandler[_on_text]
    on_theme: rx.EventHandler[_on_text]


def preference_commands() -> list[Command]:
    """Language and look, by their names."""
    themes = {
        "light": (t("Appearance: light"), "sun"),
        "dark": (t("Appearance: dark"), "moon"),
        "system": (t("Appearance: like the system"), "monitor"),
    }
    languages = [
        Command(
            f"locale-{locale}",
            t("Language: {name}", name=name),
            "languages",
            "look",
            locale=locale,
            others=(name, "language", "Sprache"),
        )
        for locale, name in LOCALE_NAMES.items()
    ]
    looks = [
        Command(f"theme-{key}", label, icon, "look", theme=key, others=("theme",))
        for key, (label, icon) in themes.items()
    ]
    return [*looks, *languages]


def open_palette() -> FunctionStringVar:
    """Event that opens it, or closes it again."""
    data = VarData(imports={MODULE: [ImportVar(tag="openPalette")]})
    return FunctionStringVar.create("openPalette", _var_data=data).partial(False)  # pyright: ignore[reportReturnType]
