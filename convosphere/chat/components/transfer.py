"""Taking conversations out as files, and bringing them in; the browser's half is `assets/transfer.js`."""

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.chat.state.filing_state import FilingState
from convosphere.chat.state.import_state import ConversationImportState, SkippedItem
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import notice, progress_bar
from convosphere.ui.i18n import t, t_message, tn
from convosphere.ui.layout import active_path

MODULE = "$/public/transfer.js"
Import = ConversationImportState
Report = Import.report
ALL = "all"


def _on_brought(import_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (import_id,)


class _ConversationFile(rx.Component):
    """Asks for a file and sends it."""

    library = MODULE
    tag = "ConversationFile"
    labels: rx.Var[dict[str, str]]
    on_brought: rx.EventHandler[_on_brought]


class SelectionExport(rx.Component):
    """An act of the bar about what is selected."""

    library = MODULE
    tag = "SelectionExport"
    label: rx.Var[str]
    on_export: rx.EventHandler[_on_brought]


def transfer_dialogs() -> rx.Component:
    """Both dialogs, and what the palette presses."""
    current = rx.Var.create([_current()]).to(list[str])
    openers = rx.el.div(
        _opener("export-current", FilingState.ask("export", current), t("Export this conversation")),
        _opener("export-all", FilingState.ask("export", [ALL]), t("Export all conversations")),
        _opener("import-open", Import.open, t("Import conversations")),
        class_name="visually-hidden",
        aria_hidden="true",
    )
    return rx.fragment(
        openers,
        rx.cond(person_may(Permission.CONVERSATION_EXPORT), _export_dialog()),
        rx.cond(person_may(Permission.CONVERSATION_WRITE), _import_dialog()),
    )


def selection_export() -> rx.Component:
    """For the bar about what is selected."""
    act = SelectionExport.create(
        label=t("Export"), on_export=lambda ids: FilingState.ask("export", ids.to(list[str]))
    )  # fmt: skip
    return rx.cond(person_may(Permission.CONVERSATION_EXPORT), act)


def _opener(testid: str, on_click: rx.event.EventType[()], label: rx.Var[str]) -> rx.Component:
    return rx.el.button(label, type="button", tab_index=-1, on_click=on_click, data_testid=testid)


def _current() -> rx.Var[str]:
    path = active_path()
    return rx.Var(f'{path!s}.split("/")[2] ?? ""', _var_type=str, _var_data=path._get_all_var_data())  # noqa: SLF001  # Its only way.


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


def _import_dialog() -> rx.Component:
    return dialog(
        t("Import conversations"),
        rx.fragment(
            rx.match(
                Import.status,
                ("", _ask()),
                ("reading", _progress(t("The file is looked through. You may close this window; it goes on."))),
                ("ready", _ready()),
                ("importing", _progress(t("The conversations come in. You may close this window; it goes on."))),
                ("done", _done()),
                _failed(),
            )
        ),
        open=Import.is_open,
        on_open_change=Import.close,
    )


def _ask() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            t("Choose an export of ConvoSphere, Open WebUI or ChatGPT, as JSON or ZIP. You see what it holds before "
              "anything comes in."),
            class_name="dialog-text",
        ),
        _ConversationFile.create(
            labels={
                "choose": t("Choose a file"),
                "sending": t("{name} is being sent"),
                "failed": t("The file could not be sent. Please try again."),
                "cancel": t("Cancel"),
            },
            on_brought=Import.brought,
        ),
    )  # fmt: skip


def _progress(words: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.p(Import.name, class_name="import-name", dir="auto"),
        progress_bar(Import.percent, Import.name),
        rx.el.p(words, class_name="quiet", role="status"),
        rx.el.div(button(t("Cancel"), on_click=Import.discard, data_testid="import-discard"), class_name="dialog-acts"),
        class_name="import-step",
        data_testid="import-progress",
    )


def _ready() -> rx.Component:
    acts = rx.el.div(
        button(t("Cancel"), on_click=Import.discard, data_testid="import-discard"),
        rx.cond(
            Report.conversations.to(int) > 0,
            button(
                tn("Import {count} conversation", "Import {count} conversations", Report.conversations.to(int)),
                weight="primary",
                on_click=Import.take_in,
                data_testid="import-take-in",
            ),
        ),
        class_name="dialog-acts",
    )
    return rx.el.div(
        rx.el.p(_found_in(), class_name="import-name", dir="auto"),
        _figures(),
        _left_out(),
        acts,
        class_name="import-step",
        data_testid="import-ready",
    )


def _done() -> rx.Component:
    count = Report.conversations.to(int)
    return rx.el.div(
        rx.el.p(
            tn("{count} conversation has come in.", "{count} conversations have come in.", count),
            class_name="import-name", role="status",
        ),
        _left_out(),
        rx.el.div(
            button(t("Close"), weight="primary", on_click=Import.close(False), data_testid="import-close"),
            class_name="dialog-acts",
        ),
        class_name="import-step",
        data_testid="import-done",
    )  # fmt: skip


def _failed() -> rx.Component:
    again = button(t("Choose another file"), on_click=Import.discard, data_testid="import-discard")
    return rx.el.div(
        notice(t_message(Import.problem)),
        rx.el.div(again, class_name="dialog-acts"),
        class_name="import-step",
        data_testid="import-failed",
    )


def _found_in() -> rx.Var[str]:
    source = rx.Var.create(rx.match(Report.source, ("chatgpt", "ChatGPT"), ("open-webui", "Open WebUI"), "ConvoSphere"))
    return t("{name}, from {source}", name=Import.name, source=source.to(str))


def _figures() -> rx.Component:
    rows = (
        ("conversations", t("Conversations that come in"), Report.conversations),
        ("messages", t("Messages"), Report.messages),
        ("branches", t("Further branches"), Report.branches),
        ("files", t("Files"), Report.files),
    )
    return rx.el.dl(
        *(
            rx.fragment(rx.el.dt(label), rx.el.dd(value, data_testid="import-figure", data_name=name))
            for name, label, value in rows
        ),
        class_name="import-figures",
    )


def _left_out() -> rx.Component:
    """What does not come in, and why."""
    duplicates, passed_over, gone = Report.duplicates.to(int), Report.passed_over.to(int), Report.files_gone.to(int)
    return rx.fragment(
        rx.cond(
            duplicates > 0,
            rx.el.p(
                tn("{count} conversation is here already.", "{count} conversations are here already.", duplicates),
                data_testid="import-duplicates",
            ),
        ),
        rx.cond(
            gone > 0,
            rx.el.p(
                tn(
                    "{count} file is not in the export or cannot be kept; its name stays.",
                    "{count} files are not in the export or cannot be kept; their names stay.",
                    gone,
                ),
                data_testid="import-files-gone",
            ),
        ),
        rx.cond(
            Report.is_damaged,
            notice(t("The file ends in the middle or is damaged. What stands before that can come in.")),
        ),
        rx.cond(
            passed_over > 0,
            rx.fragment(
                rx.el.p(
                    tn("{count} conversation cannot be read:", "{count} conversations cannot be read:", passed_over)
                ),
                rx.el.ul(
                    rx.foreach(Report.skipped.to(list[SkippedItem]), _skipped),
                    class_name="dialog-list import-skipped", data_testid="import-skipped",
                ),
            ),
        ),
    )  # fmt: skip


def _skipped(item: rx.vars.ObjectVar[SkippedItem]) -> rx.Component:
    why = rx.match(
        item.fault,
        ("empty", t("nothing is said in it")),
        ("damaged", t("damaged")),
        ("too_large", t("too large")),
        ("too_deep", t("nested too deep")),
        ("circle", t("its messages go round in a circle")),
        t("of an unknown kind"),
    )
    title = rx.cond(item.title != "", item.title, t("Without a title"))
    return rx.el.li(rx.el.bdi(title), ": ", why)
