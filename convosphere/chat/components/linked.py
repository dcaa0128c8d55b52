"""The page that a link opens: messages alone, without the frame and without anything of the workspace."""

import reflex as rx

from convosphere.chat.state.linked_state import LinkedItem, LinkedState
from convosphere.core.page_routes import SIGN_IN
from convosphere.ui.brand import wordmark
from convosphere.ui.buttons import button, link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import t, tn
from convosphere.ui.layout import page_heading
from convosphere.ui.markdown import markdown
from convosphere.ui.preferences import preference_menus

Linked = LinkedState
Item = rx.vars.ObjectVar[LinkedItem]


def linked_page() -> rx.Component:
    """For whoever has a link."""
    return rx.el.div(
        rx.el.header(wordmark(28), preference_menus(), class_name="linked-head"),
        rx.el.main(
            rx.match(
                Linked.stage,
                ("open", _conversation()),
                ("gone", empty_state(t("This link opens nothing, or not any more."), picture="lost")),
                (
                    "sign_in",
                    empty_state(
                        t("This link is for people of the workspace. Please sign in and open it again."),
                        link_button(t("Sign in"), SIGN_IN),
                        picture="conversations",
                    ),
                ),
                ("busy", empty_state(t("This takes a moment. Please open the link again soon."), picture="lost")),
                skeleton_rows(4),
            ),
            class_name="linked-main",
            id="main",
            tab_index=-1,
            data_testid="linked",
            data_stage=Linked.stage,
        ),
        class_name="linked",
    )


def _conversation() -> rx.Component:
    earlier = button(
        t("Show earlier messages"), weight="quiet", on_click=Linked.show_earlier, data_testid="linked-earlier"
    )
    later = button(t("Show later messages"), weight="quiet", on_click=Linked.show_later, data_testid="linked-later")
    by = rx.el.p(t("Shared by {name}", name=Linked.made_by), class_name="quiet", dir="auto")
    copy = button(t("Continue as a copy"), icon="git-branch", on_click=Linked.copy, data_testid="linked-copy")
    kept = rx.cond(Linked.is_live, t("What is said later appears here."), t("This is how it was when it was shared."))
    return rx.fragment(
        page_heading(Linked.title, class_name="linked-title", dir="auto", data_testid="linked-title"),
        rx.cond(Linked.made_by != "", by),
        rx.cond(Linked.has_earlier, earlier),
        rx.foreach(Linked.messages, _message),
        rx.cond(Linked.has_later, later),
        rx.el.div(
            rx.el.span(kept, class_name="quiet"), rx.cond(Linked.can_copy, copy), class_name="linked-foot"
        ),
    )  # fmt: skip


def _message(item: Item) -> rx.Component:
    # By the key, since the browser keeps what is read in its place while others come above it.
    return rx.fragment(rx.cond(item.role == "user", _question(item), _answer(item)), key=item.key)


def _question(item: Item) -> rx.Component:
    author = rx.el.p(item.author, class_name="question-author", dir="auto")
    files = rx.el.p(
        tn("{count} file came with this, which the link does not show.",
           "{count} files came with this, which the link does not show.", item.files), class_name="question-author",
    )  # fmt: skip
    return rx.el.article(
        rx.cond(item.author != "", author),
        rx.cond(item.files.to(int) > 0, files),
        rx.el.div(item.text, class_name="question-bubble", dir="auto"),
        class_name="question",
        data_testid="message",
        data_role="user",
    )


def _answer(item: Item) -> rx.Component:
    writing = rx.el.p(t("The answer is being written"), class_name="quiet")
    return rx.el.article(
        rx.cond(item.speaker != "", rx.el.p(item.speaker, class_name="answer-speaker", dir="auto")),
        rx.cond(item.status == "streaming", writing, markdown(item.text)),
        data_testid="message",
        data_role="assistant",
        data_status=item.status,
    )
