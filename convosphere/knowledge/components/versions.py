"""The versions of a document: who brought which and when, what changed, the way back, and another one."""

import reflex as rx

from convosphere.core.page_routes import KNOWLEDGE_DUPLICATES
from convosphere.creations.components.versions import version_row
from convosphere.knowledge.components.status import words
from convosphere.knowledge.components.upload import pick_version, upload_list, version_input
from convosphere.knowledge.state.document_state import DocumentState
from convosphere.knowledge.state.items import VersionItem
from convosphere.knowledge.state.version_state import ChangeItem, LineItem, VersionState
from convosphere.ui.buttons import button, file_link
from convosphere.ui.feedback import notice
from convosphere.ui.i18n import format_bytes, t, t_message, tn
from convosphere.ui.layout import side_panel

Version = rx.vars.ObjectVar[VersionItem]
Change = rx.vars.ObjectVar[ChangeItem]


def versions() -> rx.Component:
    """All versions, the newest first, and the button for another one."""
    detail = DocumentState.detail
    return rx.el.section(
        rx.el.h2(t("Versions"), class_name="section-title"),
        rx.cond(
            DocumentState.row.can_edit,
            rx.fragment(
                button(
                    t("Upload new version"),
                    icon="upload",
                    on_click=pick_version(DocumentState.row.id),
                    data_testid="version-upload",
                ),
                version_input(),
                upload_list(),
            ),
        ),
        rx.el.ol(rx.foreach(detail.versions, _version), class_name="version-rows"),
        id="versions",
        class_name="document-versions",
        data_testid="document-versions",
    )


def newer_failed() -> rx.Component:
    """That the newest version could not be read, so that the one before goes on answering."""
    detail = DocumentState.detail
    return rx.cond(
        (DocumentState.row.status == "ready") & (detail.failed_version.to(int) > 0),
        notice(
            t("Version {number} could not be read. The version before it goes on answering.",
              number=detail.failed_version),
            data_testid="version-failed",
        ),
    )  # fmt: skip


def alike() -> rx.Component:
    """That another document says nearly the same."""
    detail = DocumentState.detail
    return rx.cond(
        detail.alike != "",
        notice(
            t("{percent} % of this stands in “{name}” too.", percent=detail.percent_alike, name=detail.alike),
            rx.link(t("Duplicates"), href=KNOWLEDGE_DUPLICATES),
            tone="neutral",
            icon="copy",
            data_testid="document-alike",
        ),
    )


def comparison_panel() -> rx.Component:
    """What changed from one version to another, passage by passage."""
    shown = VersionState
    left_out = shown.count.to(int) - shown.changes.length()
    return side_panel(
        t("From version {older} to version {newer}", older=shown.older, newer=shown.newer),
        rx.cond(
            shown.count.to(int) == 0,
            rx.el.p(t("Nothing changed."), class_name="quiet"),
            rx.el.p(
                tn("{count} passage changed", "{count} passages changed", shown.count),
                class_name="quiet",
                role="status",
            ),
        ),
        rx.foreach(shown.changes, _change),
        rx.cond(left_out > 0, rx.el.p(t("and {count} more", count=left_out), class_name="quiet")),
        is_open=shown.is_open,
        on_close=shown.close,
        testid="version-comparison",
    )


def _version(item: Version) -> rx.Component:
    document_id = DocumentState.row.id
    compare = button(
        t("Show the changes"),
        size="1",
        on_click=VersionState.compare(document_id, item.before, item.number),
        data_testid="version-compare",
    )
    is_unread = (item.state == "failed") | (item.state == "unread")
    restore = button(
        rx.cond(is_unread, t("Try again"), t("Restore")),
        icon="undo-2",
        size="1",
        on_click=VersionState.restore(document_id, item.number),
        data_testid="version-restore",
    )
    may_restore = DocumentState.row.can_edit & ((item.state == "past") | is_unread)
    return version_row(
        item,
        rx.el.p(
            item.file_name,
            " · ",
            format_bytes(item.size),
            _state(item),
            dir="auto",
            class_name="quiet version-facts",
        ),
        rx.cond(item.state == "failed", rx.el.p(t_message(item.error), class_name="document-error")),
        rx.el.div(
            rx.cond(item.before.to(int) > 0, compare),
            rx.cond(may_restore, restore),
            _download(item),
            class_name="acts",
        ),
    )


def _download(item: Version) -> rx.Component:
    row = DocumentState.row
    return rx.cond(
        row.can_take & ~item.is_current,
        file_link(
            t("Download"),
            f"/api/documents/{row.id}/versions/{item.id}/file",
            size="1",
            data_testid="version-download",
        ),
    )


def _state(item: Version) -> rx.Component:
    said = words(
        item.state,
        ("reading", t("is being read")),
        ("failed", t("Not readable")),
        ("unread", t("not read, a newer one came first")),
        ("current", ""),
        ("past", ""),
    )
    return rx.el.span(rx.cond(said != "", " · ", ""), said, data_testid="version-state", data_state=item.state)


def _change(item: Change) -> rx.Component:
    return rx.el.section(
        rx.el.h3(
            t("Passage {number}", number=item.number),
            rx.cond(item.page.to(int) > 0, rx.fragment(" · ", t("Page {page}", page=item.page))),
            rx.cond(item.heading != "", rx.el.span(" · ", item.heading, dir="auto")),
        ),
        rx.el.ul(rx.foreach(item.lines, _line), class_name="diff"),
        class_name="version-changes",
        data_testid="version-change",
        data_kind=item.kind,
    )


def _line(item: rx.vars.ObjectVar[LineItem]) -> rx.Component:
    return rx.el.li(
        rx.el.span(rx.cond(item.kind == "added", t("new"), t("gone")), class_name="visually-hidden"),
        rx.el.span(item.text, dir="auto"),
        class_name="diff-line",
        data_kind=item.kind,
    )
