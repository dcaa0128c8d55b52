"""The page of how texts are cut."""

import reflex as rx

from convosphere.core.page_routes import CHAT, KNOWLEDGE
from convosphere.core.permissions import Permission
from convosphere.knowledge.components.chunking import chunk_form, chunk_preview, shadow_card
from convosphere.knowledge.components.trials import trials_section
from convosphere.knowledge.state.chunking_state import ChunkingState
from convosphere.knowledge.state.cut_form_state import CutFormState
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import t
from convosphere.ui.layout import breadcrumb, page, page_header

Chunking = ChunkingState


def chunking_page() -> rx.Component:
    """Settings with a preview, passages in the making, and the questions by which they are compared."""
    no_access = empty_state(
        t("You do not have permission to do this."), link_button(t("Chat"), CHAT), picture="lost"
    )  # fmt: skip
    return page(
        page_header(breadcrumb((t("Knowledge"), KNOWLEDGE), current=t("Passages"))),
        rx.el.div(
            rx.cond(person_may(Permission.KNOWLEDGE_MANAGE), _content(), no_access), class_name="knowledge chunking"
        ),
    )


def _content() -> rx.Component:
    # Whoever comes back shall click nothing that is about to begin anew.
    return rx.cond(
        Chunking.is_loaded & CutFormState.is_open & rx.State.is_hydrated,
        rx.fragment(
            rx.cond(Chunking.shadow.state != "", shadow_card()),
            rx.el.div(
                rx.el.section(
                    rx.el.h2(t("How texts are cut"), class_name="section-title"),
                    chunk_form(),
                    class_name="usage-section",
                ),
                chunk_preview(),
                class_name="chunk-columns",
            ),
            trials_section(),
        ),
        skeleton_rows(6),
    )
