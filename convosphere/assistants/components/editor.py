"""The editor: one form, checked while it is written."""

import reflex as rx

from convosphere.assistants.components.drawing import drawing_button
from convosphere.assistants.components.editor_parts import choice_field, form_words, long_field, problem_of
from convosphere.assistants.components.face import face
from convosphere.assistants.components.knowledge import knowledge_fields
from convosphere.assistants.components.settings import settings_fields
from convosphere.assistants.components.words import (
    ADDRESSES,
    CATEGORY_WORDS,
    LENGTHS,
    TONES,
    VARIABLES,
    WHEN_FULL,
)
from convosphere.assistants.schemas import (
    COLORS,
    ICONS,
    LONGEST_DESCRIPTION,
    LONGEST_EXAMPLE,
    LONGEST_NAME,
    MOST_EXAMPLES,
    OWN_PICTURE,
)
from convosphere.assistants.state.editor_state import NEW, AssistantState
from convosphere.assistants.state.items import ExampleItem
from convosphere.assistants.state.picture_state import AssistantPictureState
from convosphere.assistants.state.template_state import AssistantTemplatesState
from convosphere.creations.schemas import LONGEST_WHY
from convosphere.ui.buttons import button
from convosphere.ui.fields import LEAVING, form_section, text_field
from convosphere.ui.i18n import format_number, t
from convosphere.ui.pictures import picture_part_dialog, picture_upload

Editor = AssistantState
Templates = AssistantTemplatesState


def _on_form(form: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (form,)


class _AssistantForm(rx.Component):
    """See `assets/assistant_form.js`."""

    library = "$/public/assistant_form.js"
    tag = "AssistantForm"
    saved: rx.Var[int]
    brought: rx.Var[str]
    leaving: rx.Var[str]
    on_check: rx.EventHandler[_on_form]
    on_save: rx.EventHandler[_on_form]


def editor() -> rx.Component:
    """All that makes an assistant, and the bar that keeps it."""
    return _AssistantForm.create(
        _identity(),
        _instructions(),
        _personality(),
        _model(),
        form_section(t("Knowledge"), *knowledge_fields()),
        _starters(),
        _save_bar(),
        # Another assistant, version or template begins with other fields.
        key=rx.Var.create("") + Editor.place + ":" + Editor.version.to(str) + ":" + Templates.times.to(str),
        saved=Editor.saved,
        brought=rx.cond(_brought() == Editor.was.icon.to(str), "", _brought()),
        leaving=LEAVING,
        on_check=Editor.check,
        on_save=Editor.save,
        class_name="assistant-editor",
    )


def _identity() -> rx.Component:
    was = Editor.was
    icons = [
        rx.el.label(
            rx.el.input(
                type="radio", name="icon", value=name, default_checked=was.icon == name, aria_label=name,
                class_name="visually-hidden",
            ),
            face(name, "gray", 36),
            class_name="face-choice",
        )
        for name in ICONS
    ]  # fmt: skip
    colors = [
        rx.el.label(
            rx.el.input(
                type="radio", name="color", value=name, default_checked=was.color == name, aria_label=name,
                class_name="visually-hidden",
            ),
            rx.el.span(class_name="color-dot", data_color=name),
            class_name="face-choice",
        )
        for name in COLORS
    ]  # fmt: skip
    return form_section(
        t("Who it is"),
        text_field(
            t("Name"), name="name", default_value=was.name, max_length=LONGEST_NAME, required=True,
            error=problem_of("name"), data_testid="assistant-name", auto_complete="off",
        ),
        text_field(
            t("Description"), name="description", default_value=was.description, max_length=LONGEST_DESCRIPTION,
            help_text=t("One sentence for those who choose it."), error=problem_of("description"),
            data_testid="assistant-description", auto_complete="off",
        ),
        choice_field(t("Category"), "category", was.category, {"": t("None"), **CATEGORY_WORDS}),
        rx.el.fieldset(
            rx.el.legend(t("Picture"), class_name="field-label"),
            rx.el.div(*icons, _own_picture(), class_name="face-choices"),
            rx.el.div(*colors, class_name="face-choices"),
            rx.el.div(
                picture_upload("/api/assistant-pictures", AssistantPictureState.take), drawing_button(),
                class_name="face-acts",
            ),
            picture_part_dialog(),
            class_name="field face-fields",
        ),
    )  # fmt: skip


def _brought() -> rx.Var[str]:
    """The picture that was brought for the assistant on the page."""
    return rx.cond(AssistantPictureState.place == Editor.place, AssistantPictureState.icon, "").to(str)


def _own_picture() -> rx.Component:
    """The picture that was brought, else the one that the assistant has, among the drawings."""
    icon = rx.cond(_brought() != "", _brought(), Editor.was.icon).to(str)
    choice = rx.el.label(
        rx.el.input(
            type="radio", name="icon", value=icon, default_checked=True, aria_label=t("Your own picture"),
            class_name="visually-hidden", data_testid="assistant-picture",
        ),
        face(icon, "gray", 36),
        class_name="face-choice",
        key=icon,
    )  # fmt: skip
    return rx.cond(icon.startswith(OWN_PICTURE), choice)


def _instructions() -> rx.Component:
    variables = [
        rx.el.button(
            label, type="button", class_name="variable-chip", data_variable=name, title="{{" + name + "}}",
            data_testid="assistant-variable",
        )
        for name, label in VARIABLES.items()
    ]  # fmt: skip
    return form_section(
        t("What it does"),
        long_field(
            t("Instructions"), "instructions", Editor.was.instructions, rows=10,
            help_text=t("What it is for, what it should do, what it must not do. Plain sentences work best."),
            data_testid="assistant-instructions",
        ),
        rx.el.div(
            rx.el.span(t("Insert:"), class_name="quiet"), *variables, class_name="variable-chips", role="group",
            aria_label=t("Insert a variable"),
        ),
        rx.el.p(
            t("{count} tokens with all that belongs to it", count=format_number(Editor.tokens, 0)),
            class_name="quiet tabular", role="status", data_testid="assistant-tokens", data_value=Editor.tokens,
        ),
        rx.el.details(
            rx.el.summary(t("What the model reads, if you asked now")),
            rx.el.pre(Editor.prompt, class_name="prompt-preview", data_testid="assistant-prompt", tab_index=0),
            class_name="editor-details",
        ),
    )  # fmt: skip


def _personality() -> rx.Component:
    was = Editor.was
    return form_section(
        t("How it speaks"),
        rx.el.div(
            choice_field(t("Tone"), "tone", was.tone, TONES),
            choice_field(t("Length"), "length", was.answer_length, LENGTHS),
            choice_field(t("Form of address"), "address", was.address, ADDRESSES),
            class_name="field-row",
        ),
        rx.el.details(
            rx.el.summary(t("Examples of good answers")),
            *(_example(place) for place in range(MOST_EXAMPLES)),
            form_words("examples"),
            class_name="editor-details",
        ),
    )


def _example(place: int) -> rx.Component:
    examples: rx.vars.ArrayVar[list[ExampleItem]] = Editor.was.examples  # pyright: ignore[reportAssignmentType]
    has = examples.length() > place
    return rx.el.div(
        *(
            rx.el.textarea(
                name=f"example-{part}-{place}", rows=2, max_length=LONGEST_EXAMPLE, class_name="text-area",
                default_value=rx.cond(has, getattr(examples[place], part), ""), placeholder=label, aria_label=label,
            )
            for part, label in (("question", t("Question")), ("answer", t("How it should answer")))
        ),
        class_name="example-pair",
    )  # fmt: skip


def _model() -> rx.Component:
    was = Editor.was
    return form_section(
        t("Model"),
        rx.el.div(
            choice_field(
                t("Model"), "model", was.model, {"": t("The model of the conversation")}, Editor.models,
                data_testid="assistant-model",
            ),
            choice_field(t("Steps in when it fails"), "fallback", was.fallback, {"": t("None in particular")},
                         Editor.models),
            choice_field(t("When a conversation gets too long"), "when_full", was.when_full, WHEN_FULL),
            class_name="field-row",
        ),
        rx.cond(
            Editor.parameters.length() > 0,
            rx.el.details(
                rx.el.summary(t("Settings of the model")),
                settings_fields("assistant", Editor.parameters, lambda name: getattr(was, name), problem_of),
                class_name="editor-details",
            ),
        ),
    )  # fmt: skip


def _starters() -> rx.Component:
    return form_section(
        t("To begin and to go on with"),
        long_field(
            t("Questions to begin with"), "starters", Editor.was.starters, rows=4,
            help_text=t("One in each line, up to six. They stand in an empty conversation."),
            data_testid="assistant-starters",
        ),
        rx.el.label(
            rx.el.input(
                type="checkbox", name="follow_ups", default_checked=Editor.was.follow_ups,
                data_testid="assistant-follow-ups",
            ),
            rx.el.span(
                rx.el.span(t("Suggest questions that may follow an answer")),
                rx.el.span(t("A model thinks of up to three; whoever asks can switch that off for themselves."),
                           class_name="quiet"),
            ),
            class_name="check-line",
        ),
    )  # fmt: skip


def _save_bar() -> rx.Component:
    is_new = Editor.place == NEW
    why = rx.el.input(
        name="why", max_length=LONGEST_WHY, placeholder=t("What is new, and why? (optional)"),
        aria_label=t("What is new, and why? (optional)"), class_name="plain-input", auto_complete="off",
        data_testid="assistant-why",
    )  # fmt: skip
    save = button(
        rx.cond(is_new, t("Save"), t("Save version")), weight="primary", type="submit", data_testid="assistant-save"
    )
    status = rx.el.span(
        rx.el.span(t("Not saved yet"), class_name="is-unsaved"),
        rx.el.span(rx.cond(is_new, "", t("Saved as version {number}", number=Editor.version)), class_name="is-saved"),
        role="status",
        class_name="save-status",
        data_testid="assistant-saved",
        data_version=Editor.version,
    )
    return rx.el.div(save, status, rx.cond(is_new, rx.fragment(), why), class_name="save-bar")
