"""How a new assistant begins: empty, from a template, or from a file."""

import reflex as rx

from convosphere.assistants.components.face import face
from convosphere.assistants.components.gallery import problem_words
from convosphere.assistants.components.words import CATEGORY_WORDS, word
from convosphere.assistants.service.exchange import MOST_KILOBYTES
from convosphere.assistants.state.import_state import AssistantImportState, LackItem
from convosphere.assistants.state.items import ModelChoice
from convosphere.assistants.state.template_state import AssistantTemplatesState, TemplateItem
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import t, tn

Templates = AssistantTemplatesState
Import = AssistantImportState


def _on_read(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (text,)


class _AssistantFile(rx.Component):
    """See `assets/assistant_file.js`."""

    library = "$/public/assistant_file.js"
    tag = "AssistantFile"
    label: rx.Var[str]
    most_bytes: rx.Var[int]
    on_read: rx.EventHandler[_on_read]
    on_refuse: rx.EventHandler[rx.event.no_args_event_spec]


def beginnings() -> rx.Component:
    """The ways beside the empty form."""
    return rx.el.div(
        button(
            t("Start from a template"), icon="layout-template", on_click=Templates.open, data_testid="template-open"
        ),
        button(t("Import a file"), icon="file-up", on_click=Import.open, data_testid="assistant-import"),
        _templates(),
        _import(),
        class_name="beginnings",
    )


def _templates() -> rx.Component:
    return dialog(
        t("Start from a template"),
        rx.el.p(t("It fills the form; change what you like, and save it then."), class_name="dialog-text"),
        rx.el.ul(rx.foreach(Templates.rows, _template), class_name="template-rows"),
        open=Templates.is_open,
        on_open_change=Templates.close,
    )


def _template(item: rx.vars.ObjectVar[TemplateItem]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            face(item.icon, item.color, 36),
            rx.el.span(
                rx.el.span(item.name, class_name="strong"),
                rx.el.span(item.description, class_name="quiet"),
                rx.el.span(word(CATEGORY_WORDS, item.category), class_name="template-category"),
                class_name="template-words",
            ),
            type="button",
            class_name="template-row",
            on_click=Templates.choose(item.key),
            data_testid="template",
            data_key=item.key,
        )
    )


def _import() -> rx.Component:
    return dialog(
        t("Import an assistant"),
        rx.el.p(t("Choose a file that was exported from an assistant. It becomes your own draft."),
                class_name="dialog-text"),
        _AssistantFile.create(
            label=rx.cond(Import.name == "", t("Choose a file"), t("Choose another file")),
            most_bytes=MOST_KILOBYTES * 1000,
            on_read=Import.read,
            on_refuse=Import.refuse,
        ),
        problem_words(Import.problem),
        rx.cond(Import.name != "", _preview()),
        open=Import.is_open,
        on_open_change=Import.close,
    )  # fmt: skip


def _preview() -> rx.Component:
    found = rx.cond(
        Import.documents > 0,
        rx.el.p(tn("{count} of its documents is here.", "{count} of its documents are here.", Import.documents)),
    )
    lacks = rx.cond(
        Import.lacks.length() > 0,
        rx.fragment(
            rx.el.p(t("Not here, and so left out:"), class_name="strong"),
            rx.el.ul(rx.foreach(Import.lacks, _lack), class_name="dialog-list", data_testid="import-lacks"),
        ),
        rx.el.p(t("Everything that it needs is here."), class_name="quiet", data_testid="import-complete"),
    )
    return rx.el.form(
        rx.el.h3(Import.name, class_name="import-name", dir="auto", data_testid="import-name"),
        rx.el.p(Import.description, class_name="quiet", dir="auto"),
        found,
        lacks,
        rx.cond(Import.asks_model, _model_choice()),
        rx.cond(Import.asks_documents, _reading_choice()),
        rx.el.div(
            rx.dialog.close(button(t("Cancel"))),
            button(t("Import as a draft"), weight="primary", type="submit", data_testid="import-take"),
            class_name="dialog-acts",
        ),
        on_submit=Import.take_in,
        class_name="import-preview",
    )


def _lack(item: rx.vars.ObjectVar[LackItem]) -> rx.Component:
    words = rx.match(
        item.kind,
        ("model", t("Model: {name}", name=item.name)),
        ("fallback", t("Model that steps in: {name}", name=item.name)),
        ("setting", t("Setting of the model: {name}", name=item.name)),
        ("document", t("Document: {name}", name=item.name)),
        ("folder", t("Folder: {name}", name=item.name)),
        ("tag", t("Tag: {name}", name=item.name)),
        ("collection", t("Collection: {name}", name=item.name)),
        ("tool", t("Tool: {name}", name=item.name)),
        ("variable", t("Variable, kept as plain text: {name}", name=item.name)),
        ("picture", t("Picture, colour or category: {name}", name=item.name)),
        ("hidden", t("Signs in its texts that nobody sees")),
        t("Unknown field: {name}", name=item.name),
    )
    return rx.el.li(words, data_testid="import-lack", data_kind=item.kind)


def _model_choice() -> rx.Component:
    models: rx.vars.ArrayVar[list[ModelChoice]] = Import.models  # pyright: ignore[reportAssignmentType]
    control = rx.el.select(
        rx.el.option(t("The model of the conversation"), value=""),
        rx.foreach(models, _model_option),
        id="import-model", name="model", default_value="", class_name="select", data_testid="import-model",
    )  # fmt: skip
    return text_field(t("Model instead"), name="import-model", control=control)


def _model_option(model: rx.vars.ObjectVar[ModelChoice]) -> rx.Component:
    return rx.el.option(rx.cond(model.is_reader, t("Reader"), model.name), value=model.id)


def _reading_choice() -> rx.Component:
    control = rx.el.select(
        rx.el.option(t("No documents"), value="none"),
        rx.el.option(t("All documents that the asker may see"), value="all"),
        id="import-reads", name="reads", default_value="none", class_name="select", data_testid="import-reads",
    )  # fmt: skip
    return text_field(t("What it reads instead"), name="import-reads", control=control)
