"""The list of providers, and the dialog that connects one."""

from collections.abc import Callable

import reflex as rx

from convosphere.admin.components.discovery import models_step, outcome
from convosphere.admin.components.model_words import health_word, summary
from convosphere.admin.state.model_items import ProviderItem
from convosphere.admin.state.models_state import ModelsState
from convosphere.admin.state.provider_state import BUSY, FAILED, FoundItem, ProviderState
from convosphere.llm.presets import PRESETS, Preset
from convosphere.ui import t, t_message, tn
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.feedback import empty_state, skeleton_rows, spinner
from convosphere.ui.fields import text_field

Item = rx.vars.ObjectVar[ProviderItem]
Found = rx.vars.ObjectVar[FoundItem]
Dialog = ProviderState
SEARCH_DELAY = 250


def add_provider_button() -> rx.Component:
    """The one act of the page."""
    return button(t("Add provider"), icon="plus", weight="primary", on_click=Dialog.ask(""), data_testid="provider-new")


def provider_list() -> rx.Component:
    """All providers with how they do."""
    rows = rx.el.ul(rx.foreach(ModelsState.providers, _row), class_name="rights-rows", aria_label=t("Providers"))
    nothing = empty_state(
        t("No provider is connected yet. Until then the built-in Reader answers, from your documents alone."),
        button(t("Add provider"), icon="plus", on_click=Dialog.ask(""), data_testid="provider-new-first"),
        picture="lost",
    )
    return rx.fragment(
        rx.cond(ModelsState.is_loaded, rx.cond(ModelsState.providers.length() > 0, rows, nothing), skeleton_rows(2)),
        _dialog(),
        _delete_dialog(),
    )


def _row(item: Item) -> rx.Component:
    where = rx.cond(
        item.is_of_settings,
        t("From the settings of the server"),
        rx.cond(item.base_url != "", item.base_url, item.label),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(item.name, class_name="strong", dir="auto"),
            rx.el.span(where, class_name="quiet model-address", dir="auto"),
            rx.el.span(
                tn("{count} model", "{count} models", item.models),
                rx.cond(item.key_end != "", rx.fragment(" · ", t("Key ends in {end}", end=item.key_end))),
                class_name="quiet tabular",
            ),
            rx.cond(
                item.problem.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]
                rx.el.span(t_message(rx.Var.create(item.problem)), class_name="field-error"),
            ),
            class_name="model-words",
        ),
        rx.cond(item.state != "unknown", health_word(item.state)),  # pyright: ignore[reportArgumentType]
        rx.cond(~item.is_of_settings, _acts(item)),  # pyright: ignore[reportOperatorIssue]
        class_name="rights-row",
        data_testid="provider-row",
        data_name=item.name,
        data_state=item.state,
    )


def _acts(item: Item) -> rx.Component:
    is_testing = ModelsState.testing == item.id
    return rx.el.div(
        rx.switch(
            checked=item.is_enabled,
            on_change=lambda is_on: ModelsState.enable(item.id, is_on),  # pyright: ignore[reportArgumentType]
            aria_label=t("Switched on"),
            size="1",
            data_testid="provider-enabled",
        ),
        rx.cond(
            is_testing,
            rx.el.span(spinner(t("Testing")), class_name="model-spinner"),
            icon_button("activity", t("Test"), on_click=ModelsState.test(item.id), data_testid="provider-row-test"),
        ),
        icon_button("list-plus", t("Add models"), on_click=Dialog.discover(item.id), data_testid="provider-discover"),
        icon_button("pencil", t("Change"), on_click=Dialog.ask(item.id), data_testid="provider-edit"),
        icon_button("trash-2", t("Delete"), on_click=ModelsState.ask_to_delete(item.id), data_testid="provider-delete"),
        class_name="rights-acts model-acts",
    )


def _delete_dialog() -> rx.Component:
    asked = ModelsState.asked
    return confirm_dialog(
        t("Delete the provider “{name}”?", name=asked.name),
        tn(
            "Its key is forgotten, and {count} model can be chosen no more. Conversations and costs stay.",
            "Its key is forgotten, and {count} models can be chosen no more. Conversations and costs stay.",
            asked.models,
        ),
        confirm_label=t("Delete"),
        on_confirm=ModelsState.delete,
        confirm_testid="provider-delete-confirm",
        open=asked.id != "",
        on_open_change=ModelsState.close_dialog,
    )


def _dialog() -> rx.Component:
    title = rx.cond(
        Dialog.step == "models",
        t("Which models are to be offered?"),
        rx.cond(Dialog.asked.id != "", t("Change provider"), t("Add provider")),
    )
    return dialog(
        title,
        rx.cond(Dialog.step == "models", models_step(), _form_step()),
        open=Dialog.is_open,
        on_open_change=Dialog.close,
    )


def _form_step() -> rx.Component:
    asked = Dialog.asked
    kind = rx.el.select(
        *(rx.el.option(preset.label, value=preset.kind) for preset in PRESETS),
        id="provider-kind",
        name="provider-kind",
        value=Dialog.kind,
        on_change=Dialog.choose_kind,
        disabled=asked.id != "",
        class_name="select model-select",
        data_testid="provider-kind",
    )
    return rx.el.form(
        text_field(t("Provider"), name="provider-kind", control=kind, help_text=_preset_help()),
        _by_preset(lambda preset: preset.asks_url, _url_field),
        _by_preset(lambda preset: preset.asks_region, lambda _: _region_field()),
        text_field(
            t("Key"), name="provider-key", type="password", auto_complete="off", data_testid="provider-key",
            placeholder=rx.cond(asked.has_key, t("Stored, ends in {end}", end=asked.key_end), ""),
            help_text=rx.cond(
                asked.has_key, t("Leave it empty to keep the stored one."), t("It is sealed and never shown again.")
            ),
        ),
        text_field(
            t("Name (optional)"), name="provider-name", default_value=asked.name, max_length=60,
            data_testid="provider-name",
            help_text=t("How people see it, if there are several of a kind."),
        ),
        _limits(),
        outcome(),
        rx.el.div(
            rx.cond(Dialog.tested == FAILED, _submit(t("Save anyway"), "force", "secondary", "provider-force")),
            _submit(t("Test"), "test", "secondary", "provider-test"),
            _submit(t("Save"), "save", "primary", "provider-save"),
            class_name="dialog-acts",
        ),
        on_submit=Dialog.submit,
        class_name="form-column",
        key=f"{Dialog.kind}-{asked.id}",
    )  # fmt: skip


def _submit(label: rx.Var[str], intent: str, weight: str, testid: str) -> rx.Component:
    return button(
        label, weight=weight, type="submit", on_click=Dialog.intend(intent), disabled=Dialog.tested == BUSY,  # pyright: ignore[reportArgumentType]
        data_testid=testid,
    )  # fmt: skip


def _by_preset(wanted: Callable[[Preset], bool], build: Callable[[Preset], rx.Component]) -> rx.Component:
    cases = [(preset.kind, build(preset)) for preset in PRESETS if wanted(preset)]
    return rx.match(Dialog.kind, *cases, rx.fragment())  # pyright: ignore[reportReturnType]


def _preset_help() -> rx.Var[str]:
    cases = [
        (preset.kind, t_message(rx.Var.create(preset.help_text.as_dict()))) for preset in PRESETS if preset.help_text
    ]
    return rx.match(Dialog.kind, *cases, "")  # pyright: ignore[reportReturnType]


def _url_field(preset: Preset) -> rx.Component:
    return text_field(
        t("Address"), name="provider-url", placeholder=preset.url, default_value=Dialog.asked.base_url,
        auto_complete="off", spell_check=False, input_mode="url", data_testid="provider-url",
    )  # fmt: skip


def _region_field() -> rx.Component:
    return text_field(
        t("Region"), name="provider-region", placeholder=rx.Var.create("eu-central-1"),
        default_value=Dialog.asked.region, data_testid="provider-region",
    )  # fmt: skip


def _limits() -> rx.Component:
    return rx.el.details(
        summary(t("Limits")),
        rx.el.div(
            text_field(
                t("Questions at once"), name="provider-parallel", default_value=Dialog.asked.parallel_limit,
                input_mode="numeric", data_testid="provider-parallel",
            ),
            text_field(
                t("Questions a minute"), name="provider-minute", default_value=Dialog.asked.requests_per_minute,
                input_mode="numeric", data_testid="provider-minute",
                help_text=t("Empty means no limit. Beyond it people wait in a fair line."),
            ),
            class_name="model-pair",
        ),
    )  # fmt: skip
