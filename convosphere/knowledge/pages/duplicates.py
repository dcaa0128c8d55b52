"""The board of documents that are the same, or nearly."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE, document
from convosphere.knowledge.state.duplicates_state import AlikeItem, DuplicatesState, GroupItem
from convosphere.ui.buttons import button
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.i18n import exact_time, format_bytes, t
from convosphere.ui.layout import breadcrumb, page, page_header

Board = DuplicatesState
Item = rx.vars.ObjectVar[AlikeItem]


def duplicates_page() -> rx.Component:
    """Groups of documents that are alike, of those that the person sees, with what can be done with each."""
    return page(
        page_header(breadcrumb((t("Knowledge"), KNOWLEDGE), current=t("Duplicates"))),
        rx.el.div(
            rx.cond(
                Board.is_loaded,
                rx.cond(Board.groups.length() > 0, _board(), _nothing()),
                skeleton_rows(6),
            ),
            class_name="knowledge",
        ),
    )


def _nothing() -> rx.Component:
    return empty_state(t("None of the documents that you see is like another one."))


def _board() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            t("Documents with the same file, or with nearly the same text. The oldest of each group stands first."),
            class_name="quiet",
        ),
        rx.foreach(Board.groups, _group),
        rx.cond(Board.has_more, rx.el.p(t("There are more. They show when these are settled."), class_name="quiet")),
    )


def _group(group: rx.vars.ObjectVar[GroupItem]) -> rx.Component:
    return rx.el.ul(rx.foreach(group.documents, _document), class_name="duplicate-group", data_testid="duplicate-group")


def _document(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.link(
                item.name,
                href=document(item.id),  # pyright: ignore[reportArgumentType]  # A var formats itself into the text.
                class_name="document-name",
                dir="auto",
                color_scheme="gray",
                high_contrast=True,
            ),
            rx.el.div(
                rx.el.span(_likeness(item)),
                rx.el.span(format_bytes(item.size)),
                rx.cond(~item.is_own, rx.el.span(t("from {name}", name=item.owner))),
                exact_time(item.created_at),
                class_name="document-facts quiet",
            ),
            class_name="document-words",
        ),
        rx.el.div(*_acts(item), class_name="duplicate-acts"),
        class_name="duplicate-row",
        data_testid="duplicate-row",
        data_name=item.name,
    )


def _likeness(item: Item) -> rx.Component | rx.Var[str]:
    alike = rx.cond(item.is_same_file, t("the same file"), t("{percent} % alike", percent=item.percent))
    return rx.cond(item.is_first, t("the oldest"), alike)


def _acts(item: Item) -> list[rx.Component]:
    join = t("Make it a version of “{name}”", name=item.other_name)
    return [
        rx.cond(~item.is_first & item.can_keep, _act(item, "keep", t("Keep both"), "check")),
        rx.cond(~item.is_first & item.can_join & ~item.is_same_file, _act(item, "version", join, "history")),
        rx.cond(item.can_manage, _act(item, "skip", t("Delete"), "trash-2")),
    ]


def _act(item: Item, choice: str, label: rx.Var[str], icon: str) -> rx.Component:
    return button(
        label,
        icon=icon,
        size="1",
        on_click=Board.settle(item.id, item.other_id, item.name, choice),
        data_testid=f"duplicate-{choice}",
    )
