"""What budgets say, above the composer: calm while something is left, and with a way on when it is not."""

import reflex as rx

from convosphere.chat.components.module import send_draft
from convosphere.chat.state.budget_state import AlternativeItem, BudgetState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.model_state import ModelState
from convosphere.core.page_routes import OWN_USAGE
from convosphere.ui.buttons import button
from convosphere.ui.i18n import t, t_message


def budget_line() -> rx.Component:
    """Nothing as long as no budget is near its end."""
    usage = rx.link(t("Your usage"), href=OWN_USAGE, color_scheme="gray", underline="always")
    return rx.cond(
        BudgetState.kind != "",
        rx.el.div(
            rx.icon("wallet", size=16, aria_hidden="true"),
            rx.el.span(t_message(BudgetState.line), " ", usage),
            rx.foreach(BudgetState.alternatives, _instead),
            class_name="budget-line",
            role="status",
            data_testid="budget-line",
            data_kind=BudgetState.kind,
        ),
    )


def _instead(item: rx.vars.ObjectVar[AlternativeItem]) -> rx.Component:
    label = rx.cond(item.is_reader, t("Ask the Reader instead"), t("Ask {model} instead", model=item.name))
    choose = ModelState.choose(item.model)  # pyright: ignore[reportArgumentType]
    anew = ConversationState.retry(BudgetState.again, "")  # pyright: ignore[reportArgumentType]
    return rx.cond(
        BudgetState.again == "",
        button(label, on_click=[choose, send_draft()], data_testid="budget-instead", data_model=item.model),
        button(label, on_click=[choose, anew], data_testid="budget-instead", data_model=item.model),
    )
