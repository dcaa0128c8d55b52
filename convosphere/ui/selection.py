"""Lists whose rows are selected by a box each."""

import reflex as rx


def _on_select(row_ids: rx.Var[list[str]], is_selected: rx.Var[bool]) -> tuple[rx.Var[list[str]], rx.Var[bool]]:
    return (row_ids, is_selected)


class SelectableList(rx.Component):
    """Rows to be selected by pointer and by keys, see `assets/selection.js`; `first` rows stand before them."""

    library = "$/public/selection.js"
    tag = "SelectableList"
    label: rx.Var[str]
    first: rx.Var[int]
    selecting: rx.Var[bool]
    on_select: rx.EventHandler[_on_select]
    on_clear: rx.EventHandler[rx.event.no_args_event_spec]
