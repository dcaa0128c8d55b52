"""Bringing files of conversations; the browser's half is `assets/transfer.js`."""

import reflex as rx

from convosphere.chat.state.import_state import BehindItem, ConversationImportState, SkippedItem
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import notice, progress_bar
from convosphere.ui.i18n import t, t_message, tn

Import = ConversationImportState
Report = Import.report


def _on_brought(import_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (import_id,)


class _ConversationFile(rx.Component):
    """Asks for a file and sends it."""

    library = "$/public/transfer.js"
    tag = "ConversationFile"
    labels: rx.Var[dict[str, str]]
    on_brought: rx.EventHandler[_on_brought]


def import_dialog() -> rx.Component:
    """The dialog, whichever step it is at."""
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
        _instructed(),
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


def _instructed() -> rx.Component:
    """What nobody sees in a conversation, and yet counts in it."""
    count = Report.instructed.to(int)
    return rx.cond(
        count > 0,
        rx.el.p(
            tn(
                "{count} conversation brings instructions of its own. These count for whatever you ask in it.",
                "{count} conversations bring instructions of their own. These count for whatever you ask in them.",
                count,
            ),
            data_testid="import-instructed",
        ),
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
        *_stays_behind(),
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


def _stays_behind() -> tuple[rx.Component, ...]:
    documents, assistants = Report.documents_behind.to(BehindItem), Report.assistants_behind.to(BehindItem)
    of_documents = tn(
        "{count} conversation looks in documents that are not here or that you may not see. Those stay behind:",
        "{count} conversations look in documents that are not here or that you may not see. Those stay behind:",
        documents.count.to(int),
    )
    of_assistants = tn(
        "{count} conversation comes without its assistant, which is not here or which you may not ask:",
        "{count} conversations come without their assistants, which are not here or which you may not ask:",
        assistants.count.to(int),
    )
    return _behind("documents", documents, of_documents), _behind("assistants", assistants, of_assistants)


def _behind(kind: str, item: rx.vars.ObjectVar[BehindItem], words: rx.Var[str]) -> rx.Component:
    return rx.cond(
        item.count.to(int) > 0,
        rx.fragment(
            rx.el.p(words),
            rx.el.ul(
                rx.foreach(item.names.to(list[str]), _name),
                rx.cond(item.has_more, rx.el.li(t("and more"))),
                class_name="dialog-list import-skipped", data_testid="import-behind", data_kind=kind,
            ),
        ),
    )  # fmt: skip


def _name(name: rx.Var[str]) -> rx.Component:
    return rx.el.li(rx.cond(name != "", rx.el.bdi(name), t("Without a name")))


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
