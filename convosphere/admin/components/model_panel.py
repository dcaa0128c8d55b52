"""The panel of one model."""

import reflex as rx

from convosphere.admin.components.model_price import model_price
from convosphere.admin.components.model_words import ability_word, icon_words
from convosphere.admin.state.model_access_state import ModelAccessState, UserItem
from convosphere.admin.state.model_items import ChoiceItem
from convosphere.admin.state.model_state import ModelPanelState
from convosphere.admin.state.models_state import ModelsState
from convosphere.llm.service.offering import CAPABILITIES
from convosphere.ui import t, t_message, tn
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog
from convosphere.ui.feedback import notice, spinner
from convosphere.ui.fields import form_section, search_field, text_field
from convosphere.ui.layout import side_panel

Panel = ModelPanelState
Access = ModelAccessState
User = rx.vars.ObjectVar[UserItem]
Choice = rx.vars.ObjectVar[ChoiceItem]
SEARCH_DELAY = 250


def model_panel() -> rx.Component:
    """Everything that is decided of the model that is open."""
    shown = Panel.shown
    return side_panel(
        shown.title,
        rx.el.p(shown.id, class_name="quiet model-address", dir="ltr"),
        _standing(),
        _users(),
        _facts(),
        rx.cond(shown.kind == "chat", _fallbacks()),
        model_price(),
        rx.cond(~shown.is_of_settings, _removal()),  # pyright: ignore[reportOperatorIssue]
        is_open=shown.id != "",
        on_close=Panel.close,
        testid="model-panel",
    )


def _standing() -> rx.Component:
    switch = rx.switch(checked=Panel.shown.is_enabled, on_change=Panel.enable, size="2", data_testid="model-enabled")
    trial = button(t("Try it"), icon="play", on_click=Panel.try_it, disabled=Panel.is_trying, data_testid="model-try")
    works = t("It answered “{answer}” in {milliseconds} ms.", answer=Panel.answer, milliseconds=Panel.milliseconds)
    return rx.el.div(
        rx.el.div(
            rx.el.label(switch, t("Can be chosen"), class_name="rights-check"),
            rx.cond(Panel.shown.kind == "chat", trial),
            class_name="model-head",
        ),
        rx.cond(Panel.is_trying, rx.el.p(spinner(t("Testing")), " ", t("Asking the model …"))),
        rx.cond(Panel.answer != "", notice(works, tone="good", icon="circle-check", data_testid="model-works")),
        rx.cond(
            Panel.problem.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]
            notice(
                rx.fragment(  # pyright: ignore[reportArgumentType]
                    t_message(Panel.problem), rx.el.span(t_message(Panel.advice), class_name="model-advice")
                ),
                tone="bad", icon="circle-alert", data_testid="model-problem",
            ),
        ),
        class_name="form-section",
        aria_live="polite",
    )  # fmt: skip


def _users() -> rx.Component:
    choice = rx.el.select(
        rx.el.option(t("Everybody in the workspace"), value="all"),
        rx.el.option(t("Only those chosen here"), value="some"),
        value=rx.cond(Access.is_restricted, "some", "all"),
        on_change=lambda chosen: Access.restrict(chosen == "some"),
        aria_label=t("Who may use it"),
        class_name="select model-select",
        data_testid="model-access",
    )
    chosen = rx.fragment(
        rx.el.ul(rx.foreach(Access.given, _user), class_name="rights-rows", aria_label=t("Who may use it")),
        rx.cond(
            Access.given.length() == 0,
            rx.el.p(t("Nobody can use it yet. Add people or groups."), class_name="quiet"),
        ),
        search_field(
            t("Add a person or group"), on_change=Access.look_up.debounce(SEARCH_DELAY), key=Access.model_id,
            data_testid="model-user-search",
        ),
        rx.el.ul(rx.foreach(Access.found, _candidate), class_name="rights-rows", aria_label=t("Found")),
    )  # fmt: skip
    return form_section(
        t("Who may use it"),
        choice,
        rx.cond(Access.is_restricted, chosen),
        note=t("For others it does not exist: they can neither choose it, nor does it answer in place of another."),
    )


def _user(user: User) -> rx.Component:
    take = icon_button("x", t("Remove"), on_click=Access.take(user.type, user.id), data_testid="model-user-remove")
    return rx.el.li(_who(user), take, class_name="rights-row", data_testid="model-user", data_name=user.name)


def _candidate(user: User) -> rx.Component:
    give = button(t("Add"), icon="plus", on_click=Access.give(user.type, user.id), data_testid="model-user-add")
    return rx.el.li(_who(user), give, class_name="rights-row", data_testid="model-candidate", data_name=user.name)


def _who(user: User) -> rx.Component:
    icon = rx.match(
        user.type,
        ("group", rx.icon("users-round", size=16, aria_label=t("Group"))),
        ("everyone", rx.icon("users", size=16, aria_hidden="true")),
        rx.icon("user-round", size=16, aria_label=t("Person")),
    )
    facts = rx.cond(user.people.to(int) > 0, tn("{count} person", "{count} people", user.people), user.email)
    name = rx.cond(user.type == "everyone", t("Everyone in the workspace"), user.name)
    return rx.el.div(icon, rx.el.span(name, dir="auto"), rx.el.span(facts, class_name="quiet"), class_name="rights-who")


def _facts() -> rx.Component:
    shown = Panel.shown
    icon = rx.el.select(
        *(rx.el.option(word, value=name) for name, word in icon_words().items()), id="model-icon", name="model-icon",
        default_value=shown.icon, class_name="select model-select", data_testid="model-icon",
    )  # fmt: skip
    return form_section(
        t("Name and abilities"),
        rx.el.form(
            text_field(
                t("Name for people"), name="model-display-name", default_value=shown.display_name, max_length=80,
                placeholder=shown.title, data_testid="model-display-name",
            ),
            text_field(t("Icon"), name="model-icon", control=icon),
            rx.el.fieldset(
                rx.el.legend(t("What it can do"), class_name="field-label"),
                *(_ability(name) for name in CAPABILITIES),
                class_name="model-abilities",
            ),
            rx.el.div(
                text_field(
                    t("Reads at most (tokens)"), name="model-context", default_value=shown.context,
                    placeholder=shown.known_context, input_mode="numeric", data_testid="model-context",
                ),
                text_field(
                    t("Writes at most (tokens)"), name="model-output", default_value=shown.output,
                    placeholder=shown.known_output, input_mode="numeric", data_testid="model-output",
                ),
                class_name="model-pair",
            ),
            rx.el.p(t_message(Panel.error), class_name="field-error", role="alert"),
            button(t("Save"), type="submit", class_name="model-save", data_testid="model-save"),
            on_submit=Panel.save,
            class_name="form-column",
            key=f"{shown.id}-facts",
        ),
    )  # fmt: skip


def _ability(name: str) -> rx.Component:
    box = rx.el.input(
        type="checkbox", name=f"model-{name}", default_checked=Panel.shown.capabilities.contains(name),  # pyright: ignore[reportAttributeAccessIssue]
        class_name="model-box", data_testid=f"model-{name}",
    )  # fmt: skip
    return rx.el.label(box, ability_word(name), class_name="rights-check")


def _fallbacks() -> rx.Component:
    add = rx.el.select(
        rx.el.option(t("Add a model …"), value=""),
        rx.foreach(ModelsState.choices, _possible),  # pyright: ignore[reportArgumentType]
        value="",
        on_change=lambda chosen: Panel.replace_by(chosen, True),  # pyright: ignore[reportArgumentType]
        aria_label=t("Add a model that answers in its place"),
        class_name="select model-select",
        data_testid="model-fallback-add",
    )
    return form_section(
        t("If it fails"),
        rx.el.ol(rx.foreach(Panel.shown.fallbacks, _fallback), class_name="rights-rows"),
        add,
        note=t(
            "These answer in its place, in this order, for those who may use them. Without any, another model of the "
            "same provider does that costs no more."
        ),
    )


def _possible(choice: Choice) -> rx.Component:
    is_fit = choice.purposes.contains("chat") & (choice.id != Panel.shown.id)
    return rx.cond(is_fit, rx.el.option(choice.name, value=choice.id))


def _fallback(choice: Choice) -> rx.Component:
    remove = icon_button("x", t("Remove"), on_click=Panel.replace_by(choice.id, False), data_testid="fallback-remove")  # pyright: ignore[reportArgumentType]
    name = rx.cond(choice.purposes.length() > 0, choice.name, t("{model}, not offered now", model=choice.name))
    return rx.el.li(
        rx.el.span(name, class_name="rights-who", dir="auto"), remove, class_name="rights-row",
        data_testid="model-fallback", data_model=choice.id,
    )  # fmt: skip


def _removal() -> rx.Component:
    return form_section(
        t("Remove"),
        confirm_dialog(
            t("Remove the model “{name}”?", name=Panel.shown.title),
            t("It can be chosen no more, and who may use it is forgotten. Conversations and costs stay."),
            confirm_label=t("Remove"),
            on_confirm=Panel.remove,
            confirm_testid="model-remove-confirm",
            trigger=button(t("Remove model"), icon="trash-2", tone="bad", data_testid="model-remove"),
        ),
    )
