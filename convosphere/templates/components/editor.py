"""The fields of a template."""

import reflex as rx

from convosphere.assistants.components.settings import settings_fields
from convosphere.assistants.schemas import Settings
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.templates.schemas import (
    LONGEST_DESCRIPTION,
    LONGEST_INSTRUCTIONS,
    LONGEST_MESSAGE,
    LONGEST_NAME,
    MOST_EXCHANGES,
)
from convosphere.templates.state.editor_state import TemplateState
from convosphere.templates.state.items import DocumentItem, ExchangeItem
from convosphere.ui.buttons import Text, button, icon_button
from convosphere.ui.fields import form_column, search_field, text_field
from convosphere.ui.i18n import t, t_message

Shown = TemplateState
SEARCH_DELAY = 250


def editor() -> rx.Component:
    """All of it; who may not change it reads it."""
    may_change = (Shown.shown.can_edit | (Shown.shown.id == "")) & person_may(Permission.TEMPLATE_WRITE)
    was = Shown.was
    return form_column(
        text_field(
            t("Name"), name="template-name", default_value=was.name, max_length=LONGEST_NAME, read_only=~may_change,
            error=_problem("name"), data_testid="template-name",
        ),
        text_field(
            t("Description"), name="template-description", default_value=was.description,
            max_length=LONGEST_DESCRIPTION, read_only=~may_change, help_text=t("One sentence for lists."),
            error=_problem("description"), data_testid="template-description",
        ),
        text_field(t("Who answers"), name="template-assistant", control=_assistant(may_change)),
        text_field(
            t("Instructions"), name="template-instructions",
            control=_long_field(
                "template-instructions", was.instructions, LONGEST_INSTRUCTIONS, may_change, rows=6,
                testid="template-instructions",
            ),
            help_text=t("They count for every answer of a chat that begins with this template."),
            error=_problem("instructions"),
        ),
        _settings(may_change),
        _documents(may_change),
        _exchanges(may_change),
        rx.cond(
            may_change,
            rx.el.div(
                button(t("Save"), weight="primary", type="submit", data_testid="template-save"), class_name="acts"
            ),
        ),
        on_submit=Shown.save,
        key=Shown.place + Shown.restored.to_string(),
    )  # fmt: skip


def _assistant(may_change: rx.Var[bool]) -> rx.Component:
    return rx.el.select(
        rx.el.option(t("Whoever answers new chats"), value=""),
        rx.foreach(Shown.assistants, lambda item: rx.el.option(item.name, value=item.id)),
        id="template-assistant",
        name="template-assistant",
        default_value=Shown.was.assistant_id,
        disabled=~may_change,
        class_name="select",
        data_testid="template-assistant",
    )


def _settings(may_change: rx.Var[bool]) -> rx.Component:
    """Of whichever model answers, so all of them; who only reads sees them where there are any."""
    names = tuple(Settings.model_fields)
    was: rx.vars.ObjectVar[dict[str, str]] = Shown.was.settings  # pyright: ignore[reportAssignmentType]
    has_any = was.values().join("") != ""
    is_wrong = rx.Var.create(names).contains(Shown.problem["field"])
    fields = rx.el.fieldset(
        rx.el.p(
            t(
                "They count as far as the model knows them. What is empty is as the assistant says, else as the model"
                " does."
            ),
            class_name="quiet field-hint",
        ),
        settings_fields("template", rx.Var.create(names), lambda name: was[name], _problem),
        disabled=~may_change,
        class_name="template-settings",
    )
    return rx.cond(
        may_change | has_any,
        rx.el.details(
            rx.el.summary(t("Settings of the model")), fields, open=has_any | is_wrong, class_name="editor-details",
            data_testid="template-settings",
        ),
    )  # fmt: skip


def _documents(may_change: rx.Var[bool]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("Documents"), class_name="field-label"),
        rx.el.ul(
            rx.foreach(Shown.documents, lambda item: _document(item, may_change)), class_name="document-choices",
            aria_label=t("Chosen"),
        ),
        rx.el.p(
            t("With documents here, answers are looked up in these alone. Everybody gets only what they may see."),
            class_name="quiet field-hint",
        ),
        _error("documents"),
        rx.cond(
            may_change & person_may(Permission.DOCUMENT_READ),
            rx.fragment(
                search_field(
                    t("Add a document"), on_change=Shown.look_up.debounce(SEARCH_DELAY),
                    data_testid="template-document-search",
                ),
                rx.el.ul(rx.foreach(Shown.found, _found), class_name="document-choices", aria_label=t("Found")),
            ),
        ),
        class_name="field",
    )  # fmt: skip


def _document(item: rx.vars.ObjectVar[DocumentItem], may_change: rx.Var[bool]) -> rx.Component:
    remove = icon_button("x", t("Remove"), size=16, tooltip=False, on_click=Shown.remove_document(item.id))
    return rx.el.li(
        rx.el.span(item.name, dir="auto"), rx.cond(may_change, remove), class_name="document-choice",
        data_testid="template-document",
    )  # fmt: skip


def _found(item: rx.vars.ObjectVar[DocumentItem]) -> rx.Component:
    add = button(
        t("Add"), icon="plus", size="1", on_click=Shown.add_document(item.id), data_testid="template-document-add"
    )
    return rx.el.li(rx.el.span(item.name, dir="auto"), add, class_name="document-choice", data_name=item.name)


def _exchanges(may_change: rx.Var[bool]) -> rx.Component:
    add = button(t("Add a question"), icon="plus", on_click=Shown.add_exchange, data_testid="template-exchange-add")
    return rx.el.section(
        rx.el.h2(t("First messages"), class_name="field-label"),
        rx.el.p(
            t("A chat begins with them as if they had been said: they show the model what is wanted."),
            class_name="quiet field-hint",
        ),
        rx.foreach(Shown.exchanges, lambda item, place: _exchange(item, place, may_change)),
        _error("exchanges"),
        rx.cond(may_change & (Shown.exchanges.length() < MOST_EXCHANGES), add),
        class_name="field template-exchanges",
    )


def _exchange(item: rx.vars.ObjectVar[ExchangeItem], place: rx.Var[int], may_change: rx.Var[bool]) -> rx.Component:
    remove = icon_button(
        "x", t("Remove"), size=16, tooltip=False, on_click=Shown.remove_exchange(item.key),
        data_testid="template-exchange-remove",
    )  # fmt: skip
    return rx.el.div(
        rx.el.div(
            rx.el.label(t("Question"), html_for=_named("question", item), class_name="field-label"),
            rx.cond(may_change, remove),
            class_name="exchange-head",
        ),
        _long_field(
            _named("question", item), item.question, LONGEST_MESSAGE, may_change, rows=2, testid="template-question"
        ),
        rx.el.label(t("Answer"), html_for=_named("answer", item), class_name="field-label"),
        _long_field(_named("answer", item), item.answer, LONGEST_MESSAGE, may_change, rows=3, testid="template-answer"),
        _error(rx.Var.create("exchange-") + place.to_string()),
        class_name="template-exchange",
        key=item.key,
        data_testid="template-exchange",
    )


def _named(kind: str, item: rx.vars.ObjectVar[ExchangeItem]) -> rx.Var[str]:
    return rx.Var.create(f"{kind}-") + item.key.to(str)


def _long_field(
    name: Text, text: Text, longest: int, may_change: rx.Var[bool], *, rows: int, testid: str
) -> rx.Component:
    return rx.el.textarea(
        id=name, name=name, default_value=text, rows=rows, max_length=longest, read_only=~may_change,
        class_name="text-area", dir="auto", data_testid=testid,
    )  # fmt: skip


def _problem(field: Text) -> rx.Var[str]:
    return rx.cond(Shown.problem["field"] == field, t_message(Shown.problem["message"].to(dict)), "").to(str)


def _error(field: Text) -> rx.Component:
    told = _problem(field)
    return rx.cond(told != "", rx.el.p(told, role="alert", class_name="field-error"))
