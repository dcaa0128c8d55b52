"""What a provider answered, and the choice of its models."""

import reflex as rx

from convosphere.admin.components.model_words import kind_word, kinds, summary
from convosphere.admin.state.provider_state import BUSY, FoundItem, ProviderState
from convosphere.ui import t, t_message, tn
from convosphere.ui.buttons import button
from convosphere.ui.feedback import notice, spinner
from convosphere.ui.fields import search_field, text_field

Found = rx.vars.ObjectVar[FoundItem]
Dialog = ProviderState
SEARCH_DELAY = 250


def outcome() -> rx.Component:
    """What the provider said."""
    works = tn("It answers, and has {count} model.", "It answers, and has {count} models.", Dialog.tested)
    return rx.el.div(
        rx.cond(Dialog.tested == BUSY, rx.el.p(spinner(t("Testing")), " ", t("Asking the provider …"))),
        rx.cond(Dialog.tested >= 0, notice(works, tone="good", icon="circle-check", data_testid="provider-works")),
        rx.cond(
            Dialog.error.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]
            notice(
                rx.fragment(  # pyright: ignore[reportArgumentType]
                    t_message(Dialog.error),
                    rx.cond(
                        Dialog.advice.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]
                        rx.el.span(t_message(Dialog.advice), class_name="model-advice"),
                    ),
                ),
                tone="bad", icon="circle-alert", data_testid="provider-error",
            ),
        ),
        aria_live="polite",
        class_name="model-outcome",
    )  # fmt: skip


def models_step() -> rx.Component:
    """The models that a provider has, to choose from."""
    return rx.el.div(
        outcome(),
        rx.cond(
            Dialog.tested > 0,
            rx.fragment(
                search_field(
                    t("Search models"), on_change=Dialog.search.debounce(SEARCH_DELAY), data_testid="discover-search"
                ),
                rx.el.ul(rx.foreach(Dialog.found, _found), class_name="rights-rows model-found"),
            ),
        ),
        rx.el.details(
            summary(t("Add a model by its name")),
            rx.el.form(
                text_field(
                    t("Name at the provider"), name="model-name", required=True, max_length=200,
                    help_text=t("Of Azure the name of the deployment."), data_testid="discover-name",
                ),
                text_field(t("Used for"), name="model-kind", control=_kind_select()),
                button(t("Offer"), type="submit", data_testid="discover-add"),
                on_submit=Dialog.add_by_name,
                class_name="form-column",
            ),
            open=Dialog.tested <= 0,
        ),
        rx.el.div(
            button(
                tn("Offer {count} model", "Offer {count} models", Dialog.chosen.length()), weight="primary",
                on_click=Dialog.offer, disabled=Dialog.chosen.length() == 0, data_testid="discover-offer",
            ),
            class_name="dialog-acts",
        ),
        class_name="form-column",
    )  # fmt: skip


def _kind_select() -> rx.Component:
    options = [rx.el.option(word, value=kind) for kind, word in kinds()]
    return rx.el.select(*options, id="model-kind", name="model-kind", class_name="select model-select")


def _found(item: Found) -> rx.Component:
    box = rx.checkbox(
        checked=rx.cond(item.is_offered, True, Dialog.chosen.contains(item.name)),
        disabled=item.is_offered,
        on_change=lambda is_chosen: Dialog.choose(item.name, is_chosen),  # pyright: ignore[reportArgumentType]
        data_testid="discover-choose",
    )
    words = rx.el.span(
        rx.el.span(item.label, dir="auto"),
        rx.el.span(
            kind_word(item.kind),  # pyright: ignore[reportArgumentType]
            rx.cond(item.is_offered, rx.fragment(" · ", t("offered already"))),
            class_name="quiet",
        ),
    )
    return rx.el.li(
        rx.el.label(box, words, class_name="rights-choice"), data_testid="discover-row", data_name=item.name
    )
