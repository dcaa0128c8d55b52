"""The page that a link to documents opens: what it shows, without the frame and without anything of the workspace."""

import reflex as rx

from convosphere.core.page_routes import SIGN_IN
from convosphere.knowledge.components.preview import preview_of
from convosphere.knowledge.components.thumbnails import thumbnail_of
from convosphere.knowledge.links.schemas import MOST_PASSAGES
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.state.linked_state import LinkedDocumentItem, LinkedDocumentsState
from convosphere.ui.brand import wordmark
from convosphere.ui.buttons import button, file_link, link_button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import format_bytes, t, tn
from convosphere.ui.layout import page_heading
from convosphere.ui.lists import pager
from convosphere.ui.passage import passage
from convosphere.ui.preferences import preference_menus

Linked = LinkedDocumentsState


def linked_documents_page() -> rx.Component:
    """For whoever has a link."""
    return rx.el.div(
        rx.el.header(wordmark(28), preference_menus(), class_name="linked-head"),
        rx.el.main(
            rx.match(
                Linked.stage,
                ("open", rx.cond(Linked.shown.id != "", _document(), _list())),
                ("gone", empty_state(t("This link opens nothing, or not any more."), picture="lost")),
                (
                    "sign_in",
                    empty_state(
                        t("This link is for people of the workspace. Please sign in and open it again."),
                        link_button(t("Sign in"), SIGN_IN),
                    ),
                ),
                ("busy", empty_state(t("This takes a moment. Please open the link again soon."), picture="lost")),
                skeleton_rows(4),
            ),
            class_name="linked-main linked-documents",
            id="main",
            tab_index=-1,
            data_testid="linked-documents",
            data_stage=Linked.stage,
        ),
        class_name="linked",
    )


def _list() -> rx.Component:
    rows = rx.el.ul(rx.foreach(Linked.rows, _row), class_name="plain-lines")
    return rx.fragment(
        page_heading(Linked.name, class_name="linked-title", dir="auto", data_testid="linked-name"),
        _by(),
        rx.el.p(tn("{count} document", "{count} documents", Linked.total), class_name="quiet"),
        rx.cond(Linked.rows.length() > 0, rows, empty_state(t("Nothing lies here at the moment."))),
        pager(Linked.first, Linked.rows.length(), Linked.total, Linked.turn_page),
    )


def _by() -> rx.Component:
    by = rx.el.p(t("Shared by {name}", name=Linked.made_by), class_name="quiet", dir="auto")
    return rx.cond(Linked.made_by != "", by)


def _row(item: rx.vars.ObjectVar[LinkedDocumentItem]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            thumbnail_of(item.kind, item.address + "/thumbnail"),  # pyright: ignore[reportOperatorIssue]  # Of vars.
            rx.el.span(item.name, class_name="choice-name", dir="auto"),
            rx.cond(item.folder != "", rx.el.span(item.folder, class_name="quiet", dir="auto")),
            rx.el.span(item.kind, " · ", format_bytes(item.size), class_name="quiet tabular"),
            type="button",
            class_name="choice-line",
            on_click=Linked.show(item.id),
            data_testid="linked-document",
            custom_attrs={"data-name": item.name},
        ),
    )


def _document() -> rx.Component:
    item = Linked.shown
    back = button(t("All documents"), icon="arrow-left", weight="quiet", on_click=Linked.show(""),
                  data_testid="linked-back")  # fmt: skip
    return rx.fragment(
        rx.cond(Linked.is_single, rx.fragment(), back),
        page_heading(item.name, class_name="linked-title", dir="auto", data_testid="linked-name"),
        _by(),
        rx.cond(
            Linked.may_download,
            file_link(t("Download"), item.address + "/file", data_testid="linked-download"),  # pyright: ignore[reportOperatorIssue]  # Of vars.
        ),
        rx.cond(
            Linked.passages.length() > 0,
            _passages(),
            preview_of(
                item.kind, can_take=Linked.may_download, address=item.address + "/preview",  # pyright: ignore[reportOperatorIssue]
                name=item.name, file=item.file_name, pages=item.pages,
            ),
        ),
    )  # fmt: skip


def _passages() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("What the machine reads"), class_name="section-title"),
        rx.foreach(
            Linked.passages[:MOST_PASSAGES],
            lambda text: passage(
                text, is_markdown=Linked.shown.kind == DocumentType.MARKDOWN.value, class_name="passage-words"
            ),
        ),
        rx.cond(
            Linked.passages.length() > MOST_PASSAGES,
            rx.el.p(t("This is the beginning. More of it is not shown here."), class_name="quiet"),
        ),
        data_testid="linked-passages",
    )
