"""The dialog in which links to a conversation are made and taken back."""

import reflex as rx

from convosphere.chat.state.links_state import LinkItem, LinksState
from convosphere.identity.components.links import link_form, link_row, link_rule
from convosphere.ui.dialogs import dialog
from convosphere.ui.i18n import t
from convosphere.ui.once import once_dialog


def links_dialogs() -> rx.Component:
    """Opened by `LinksState.open(conversation_id)`."""
    return rx.fragment(
        dialog(
            t("Share by a link"),
            link_form(
                "link",
                t("Shows"),
                {"snapshot": t("What there is now"), "live": t("What comes later too")},
                kind="kind",
                on_submit=LinksState.make,
            ),
            rx.cond(
                LinksState.rows.length() > 0,
                rx.el.ul(rx.foreach(LinksState.rows, _row), class_name="link-rows", aria_label=t("Links")),
            ),
            link_rule(),
            open=LinksState.is_open,
            on_open_change=LinksState.close,
        ),
        once_dialog(
            t("New link"),
            t("This is the only time that the link is shown. Whoever has it opens the conversation."),
            name="share-link",
            label=t("Link"),
            value=LinksState.made,
            on_taken=LinksState.forget_made,
        ),
    )


def _row(link: rx.vars.ObjectVar[LinkItem]) -> rx.Component:
    shows = rx.cond(link.is_live, t("What comes later too"), t("What there was then"))
    return link_row("link", link, shows, revoke=LinksState.revoke(link.id))
