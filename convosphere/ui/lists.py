"""Long lists, and lists to choose from with a search above them."""

from typing import TypeVar
from zlib import crc32

import reflex as rx
from reflex.vars import VarData
from reflex_base.utils.imports import ImportVar

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
