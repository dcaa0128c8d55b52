"""The dialog in which links to documents are made and taken back."""

import reflex as rx

from convosphere.identity.components.links import link_form, link_row, link_rule
from convosphere.knowledge.state.links_state import DocumentLinkItem, DocumentLinksState
from convosphere.ui.dialogs import dialog
from convosphere.ui.i18n import t, tn
from convosphere.ui.once import once_dialog

Links = DocumentLinksState


def document_links_dialogs() -> rx.Component:
    """Opened by `DocumentLinksState.open(kind, id, name)`."""
    return rx.fragment(
        dialog(
            t("Share “{name}” by a link", name=Links.name),
            rx.cond(
                Links.kind != "document",
                rx.el.p(
                    t("The link shows what lies there at the time, as far as you may share it yourself."),
                    class_name="dialog-text",
                ),
            ),
            link_form(
                "document-link",
                t("Allows to"),
                {"look": t("Look"), "download": t("Look and download")},
                kind="rights",
                on_submit=Links.make,
            ),
            rx.cond(
                Links.rows.length() > 0,
                rx.el.ul(rx.foreach(Links.rows, _row), class_name="link-rows", aria_label=t("Links")),
            ),
            link_rule(),
            open=Links.is_open,
            on_open_change=Links.close,
        ),
        once_dialog(
            t("New link"),
            t("This is the only time that the link is shown. Whoever has it sees what it opens."),
            name="share-document-link",
            label=t("Link"),
            value=Links.made,
            on_taken=Links.forget_made,
        ),
    )


def _row(link: rx.vars.ObjectVar[DocumentLinkItem]) -> rx.Component:
    rights = rx.cond(link.may_download, t("Look and download"), t("Look"))
    opened = tn("opened {count} time", "opened {count} times", link.uses)
    return link_row("document-link", link, rights, opened, revoke=Links.revoke(link.id))
