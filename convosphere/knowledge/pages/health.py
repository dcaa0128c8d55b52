"""The page of how documents are."""

import reflex as rx

from convosphere.core.page_routes import CHAT, KNOWLEDGE, KNOWLEDGE_PASSAGES, KNOWLEDGE_QUESTIONS
from convosphere.core.permissions import Permission
from convosphere.knowledge.components.bulk import bulk_panel
from convosphere.knowledge.components.health import causes, citations, pictures, undescribed
from convosphere.knowledge.components.scan import scan_section
from convosphere.knowledge.components.space import space_section
from convosphere.knowledge.state.health_state import HealthState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import link_button
from convosphere.ui.feedback import empty_state, notice, skeleton_rows
from convosphere.ui.i18n import t, tn
from convosphere.ui.layout import breadcrumb, page, page_header

Health = HealthState


def health_page() -> rx.Component:
    """Pictures, failures, citations and remains, for whoever looks after knowledge."""
    no_access = empty_state(
        t("You do not have permission to do this."), link_button(t("Chat"), CHAT), picture="lost"
    )  # fmt: skip
    return page(
        page_header(
            breadcrumb((t("Knowledge"), KNOWLEDGE), current=t("Health")),
            rx.cond(
                person_may(Permission.KNOWLEDGE_MANAGE),
                rx.fragment(
                    link_button(t("Passages"), KNOWLEDGE_PASSAGES, icon="scissors", weight="quiet"),
                    link_button(t("Unanswered questions"), KNOWLEDGE_QUESTIONS, icon="circle-help", weight="quiet"),
                ),
            ),
        ),
        rx.el.div(
            rx.cond(person_may(Permission.KNOWLEDGE_MANAGE), _content(), no_access),
            class_name="knowledge health",
        ),
    )


def _content() -> rx.Component:
    nothing = empty_state(t("There are no documents yet that you see."), picture="figures")
    shown = rx.fragment(pictures(), undescribed(), causes(), citations())
    return rx.fragment(
        bulk_panel(),
        rx.cond(
            Health.is_loaded,
            rx.fragment(_hidden(), rx.cond(Health.counts.total.to(int) > 0, shown, nothing)),
            skeleton_rows(6),
        ),
        space_section(),
        scan_section(),
    )


def _hidden() -> rx.Component:
    counts = Health.counts
    words = tn(
        "{count} more document is not shared with you and not counted here; {failed} not readable.",
        "{count} more documents are not shared with you and not counted here; {failed} not readable.",
        counts.hidden,
        failed=counts.hidden_failed,
    )
    return rx.cond(
        counts.hidden.to(int) > 0, notice(words, tone="neutral", icon="eye-off", data_testid="health-hidden")
    )
