"""Taking conversations out as files; the browser's half is `assets/transfer.js`."""

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.chat.components.bringing import import_dialog
from convosphere.chat.components.palette_acts import ALL
from convosphere.chat.state.filing_state import FilingState
from convosphere.core.i18n import Value
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.shell.state import ToastState
from convosphere.ui.dialogs import dialog
from convosphere.ui.i18n import t, tn

MODULE = "$/public/transfer.js"


def _on_brought(import_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (import_id,)


def _on_refuse(text: rx.Var[str], values: rx.Var[dict[str, Value]]) -> tuple[rx.Var[str], rx.Var[dict[str, Value]]]:
    return (text, values)


class ExportRefusal(rx.Component):
    """Tells `on_refuse` why there is no file: the server's words, or `otherwise` where it has sent none."""

    library = MODULE
    tag = "ExportRefusal"
    otherwise: rx.Var[str]
    on_refuse: rx.EventHandler[_on_refuse]


class SelectionExport(rx.Component):
    """An act of the bar about what is selected."""

    library = MODULE
    tag = "SelectionExport"
    label: rx.Var[str]
    on_export: rx.EventHandler[_on_brought]


def transfer_dialogs() -> rx.Component:
    """Both dialogs."""
    lost = t("The export did not arrive. Check the connection, then try again.")
    return rx.fragment(
        rx.cond(
            person_may(Permission.CONVERSATION_EXPORT),
            rx.fragment(_export_dialog(), ExportRefusal.create(otherwise=lost, on_refuse=ToastState.report)),
        ),
        rx.cond(person_may(Permission.CONVERSATION_WRITE), import_dialog()),
    )


def selection_export() -> rx.Component:
    """For the bar about what is selected."""
    act = SelectionExport.create(
        label=t("Export"), on_export=lambda ids: FilingState.ask("export", ids.to(list[str]))
    )  # fmt: skip
    return rx.cond(person_may(Permission.CONVERSATION_EXPORT), act)


def _export_dialog() -> rx.Component:
    asked = FilingState.asked
    ids = asked.ids.to(list[str])
    is_all = ids.contains(ALL)
    choices = (
        ("pdf", "file-text", "PDF", t("To print and to pass on")),
        ("docx", "file-type", "Word", t("To edit, with footnotes")),
        ("markdown", "file-code", "Markdown", t("Plain text with marks")),
        ("html", "globe", t("Web page"), t("One file that every browser shows")),
        ("json", "database", "JSON", t("Everything, with all branches and files; can be imported again")),
    )
    return dialog(
        rx.cond(
            is_all,
            t("Export all conversations"),
            tn("Export {count} conversation", "Export {count} conversations", ids.length()),
        ),
        rx.el.div(*(_format(*choice, ids=ids) for choice in choices), class_name="choice-lines"),
        rx.el.p(
            t("All but JSON hold the branch that is shown."),
            rx.cond(is_all | (ids.length() > 1), rx.fragment(" ", t("Several conversations come as a ZIP."))),
            class_name="quiet format-note",
        ),
        open=(asked.what == "export") & (ids.length() > 0) & (ids[0] != ""),
        on_open_change=FilingState.close,
    )


def _format(
    form: str, icon: str, name: rx.Var[str] | str, hint: rx.Var[str], *, ids: rx.vars.ArrayVar[list[str]]
) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=18, aria_hidden="true"),
        rx.el.span(
            rx.el.span(name, class_name="strong"), rx.el.span(hint, class_name="quiet"), class_name="format-words"
        ),
        type="button",
        class_name="choice-line format-choice",
        on_click=[_download(form, ids), FilingState.close(False)],
        data_testid="export-option",
        custom_attrs={"data-format": form},
    )


def _download(form: str, ids: rx.vars.ArrayVar[list[str]]) -> FunctionStringVar:
    data = VarData(imports={MODULE: [ImportVar(tag="download")]})
    return FunctionStringVar.create("download", _var_data=data).partial(form, ids)  # pyright: ignore[reportReturnType]
