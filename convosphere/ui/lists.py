"""Long lists, and lists to choose from with a search above them."""

from collections.abc import Callable
from typing import Any, TypeVar
from zlib import crc32

import reflex as rx
from reflex.vars import VarData
from reflex_base.utils.imports import ImportVar

from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import t

_GRADUAL = {"$/public/gradual.js": [ImportVar(tag="useGradually")]}

FIRST_ROWS = 16
"""As many rows of a line or two as a window shows."""

Rows = TypeVar("Rows", bound=rx.Var)


class ChoiceList(rx.Component):
    """The arrow keys lead from the search through its `.choice-line`s and back, see `assets/choices.js`."""

    library = "$/public/choices.js"
    tag = "ChoiceList"
    label: rx.Var[str]


def gradually(rows: Rows, first: int) -> Rows:
    """Rows of which the `first` are drawn at once and the others when those are painted, see `assets/gradual.js`.

    A row with its box and its menu costs more to draw than to send.
    """
    name = f"rows_{crc32(str(rows).encode()):08x}"
    hook = {f"const {name} = useGradually({rows!s} ?? [], {first});": rows._get_all_var_data()}  # noqa: SLF001
    return rows._replace(_js_expr=name, merge_var_data=VarData(imports=_GRADUAL, hooks=hook))


def pager(first: rx.Var[int], shown: rx.Var[int], found: rx.Var[int], turn_page: Callable[[int], Any]) -> rx.Component:
    """The ways to the pages before and behind, where not all that was found is shown; `turn_page` takes -1 or 1."""
    start, count = first.to(int), found.to(int)
    rows = shown.to(int)
    last = start + rows
    return rx.cond(
        count > rows,
        rx.el.nav(
            icon_button(
                "chevron-left", t("Previous page"), disabled=start == 0, on_click=turn_page(-1),
                data_testid="page-previous",
            ),
            rx.el.span(
                t("{first} to {last} of {count}", first=start + 1, last=last, count=count), class_name="tabular",
                data_testid="page-range",
            ),
            icon_button(
                "chevron-right", t("Next page"), disabled=last >= count, on_click=turn_page(1),
                data_testid="page-next",
            ),
            class_name="pager quiet",
            aria_label=t("Pages of the list"),
        ),
    )  # fmt: skip
