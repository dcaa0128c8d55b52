"""The panel in which managers review what is to be published."""

import reflex as rx

from convosphere.assistants.components.face import face
from convosphere.assistants.components.gallery import problem_words, reason_field
from convosphere.assistants.components.versions import change_rows
from convosphere.assistants.components.words import CATEGORY_WORDS, word
from convosphere.assistants.state.requests_state import AssistantRequestsState
from convosphere.assistants.state.review_state import AssistantReviewState, RequestItem
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui.buttons import button
from convosphere.ui.feedback import empty_state
from convosphere.ui.i18n import exact_time, t, tn
from convosphere.ui.layout import side_panel

Review = AssistantReviewState


def review_button() -> rx.Component:
    """How many wait, for those who review."""
    waiting = AssistantRequestsState.waiting
    shown = button(
        tn("{count} to review", "{count} to review", waiting), icon="clipboard-check", on_click=Review.open,
        data_testid="review-open", data_count=waiting,
    )  # fmt: skip
    return rx.cond(person_may(Permission.ASSISTANT_REVIEW) & (waiting > 0), shown)


def review_panel() -> rx.Component:
    """What waits, all that it would publish, and the decision."""
    return side_panel(
        t("To review for the gallery"),
        rx.cond(
            Review.rows.length() > 0,
            rx.el.ol(rx.foreach(Review.rows, _request), class_name="version-rows"),
            empty_state(t("There is nothing to review.")),
        ),
        is_open=Review.is_open,
        on_close=Review.close,
        testid="review-panel",
    )


def _request(item: rx.vars.ObjectVar[RequestItem]) -> rx.Component:
    is_opened = Review.opened == item.id
    return rx.el.li(
        rx.el.div(
            face(item.icon, item.color, 36),
            rx.el.div(
                rx.el.span(item.name, class_name="strong", dir="auto"),
                rx.el.p(
                    word(CATEGORY_WORDS, item.category), " · ",
                    rx.cond(item.is_update, t("new version of what is there"), t("new")),
                    class_name="quiet version-facts",
                ),
            ),
            class_name="review-head",
        ),
        rx.el.p(item.description, dir="auto"),
        rx.el.p(
            rx.cond(item.asked_by != "", item.asked_by, t("Somebody who left")), " · ", exact_time(item.asked_at),
            class_name="quiet version-facts",
        ),
        button(
            rx.cond(is_opened, t("Hide"), t("Look at it")), size="1", on_click=Review.look_at(item.id),
            aria_expanded=is_opened, data_testid="review-look",
        ),
        rx.cond(is_opened, _decision(item)),
        class_name="version-row",
        data_testid="review-row",
        data_assistant_id=item.id,
        data_name=item.name,
    )  # fmt: skip


def _decision(item: rx.vars.ObjectVar[RequestItem]) -> rx.Component:
    intro = rx.cond(item.is_update, t("What is new since the version in the gallery:"), t("All that it says and does:"))
    return rx.fragment(
        rx.el.p(intro, class_name="quiet"),
        change_rows(Review.changes),
        button(t("Publish"), icon="check", weight="primary", on_click=Review.accept, data_testid="review-accept"),
        rx.el.form(
            reason_field(),
            problem_words(Review.problem),
            button(t("Do not publish"), type="submit", data_testid="review-refuse"),
            on_submit=Review.refuse,
            class_name="review-refusal",
        ),
    )
