"""Values that are shown once, such as a new key: the page holds them until they are read, the server forgets at once.

A State that kept them could not tell a page that is loaded again, which shall not show them, from one that only has
another connection, on which somebody may just be reading them.
"""

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.ui.buttons import Text
from convosphere.ui.dialogs import dialog
from convosphere.ui.fields import copy_field

_MODULE = "$/public/once.js"


class _Holder(rx.Component):
    library = _MODULE
    tag = "Holder"
    name: rx.Var[str]
    value: rx.Var[str]
    on_taken: rx.EventHandler[rx.event.no_args_event_spec]


def once_dialog(
    title: Text, note: Text, *, name: str, label: Text, value: rx.Var[str], on_taken: rx.event.EventType[()]
) -> rx.Component:
    """Open with `value` when there is one, to be copied; `on_taken` is to empty the var. `name` is the test id too."""
    return rx.fragment(
        _Holder.create(name=name, value=value, on_taken=on_taken),
        dialog(
            title,
            rx.el.div(rx.el.p(note), copy_field(_held(name), label, name), class_name="form-column"),
            open=_held(name) != "",
            on_open_change=_let_go(name),
        ),
    )


def _held(name: str) -> rx.Var[str]:
    variable = f"held_{name.replace('-', '_')}"
    data = VarData(
        imports={_MODULE: [ImportVar(tag="useHeld")]}, hooks={f'const {variable} = useHeld("{name}");': None}
    )
    return rx.Var(_js_expr=variable, _var_type=str, _var_data=data)


def _let_go(name: str) -> FunctionStringVar:
    data = VarData(imports={_MODULE: [ImportVar(tag="letGo")]})
    return FunctionStringVar.create(f'(() => letGo("{name}"))', _var_data=data)
