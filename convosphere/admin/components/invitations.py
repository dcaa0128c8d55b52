"""Invitations that nobody has used yet."""

import reflex as rx

from convosphere.admin.state.invitations_state import InvitationsState
from convosphere.admin.state.people_items import InvitationItem
from convosphere.ui import exact_time, t, t_message
from convosphere.ui.buttons import icon_button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import empty_state, skeleton_rows, status_word
from convosphere.ui.fields import copy_field, search_field

Invitations = InvitationsState
Item = rx.vars.ObjectVar[InvitationItem]
SEARCH_DELAY = 250


def invitation_list() -> rx.Component:
    """Open invitations with what can be done about each."""
    return rx.fragment(
        search_field(
            t("Search by name or address"), on_change=Invitations.search.debounce(SEARCH_DELAY),
            data_testid="invitations-search",
        ),
        rx.cond(
            Invitations.is_loaded,
            rx.cond(
                Invitations.rows.length() > 0,
                rx.el.ul(rx.foreach(Invitations.rows, _row), class_name="rights-rows", aria_label=t("Invitations")),
                empty_state(t("No invitation is open."), picture="people"),
            ),
            skeleton_rows(4),
        ),
        rx.cond(
            Invitations.has_more,
            icon_button(
                "chevron-right", t("Older ones"), on_click=Invitations.show_more, data_testid="invitations-more"
            ),
        ),
        dialog(
            t("New link"),
            rx.el.div(
                rx.el.p(t("The link before does not work any more. This one is shown only now.")),
                copy_field(Invitations.link, t("Link to join"), "invitation-link"),
                class_name="form-column",
            ),
            open=Invitations.link != "",
            on_open_change=Invitations.close_link,
        ),
    )  # fmt: skip


def _row(item: Item) -> rx.Component:
    resend = icon_button(
        "send", t("Send again"), on_click=Invitations.send_again(item.id), size=16, data_testid="invitation-resend"
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.cond(item.email != "", item.email, t("Whoever has the link")), class_name="strong", dir="auto"
            ),
            rx.el.span(
                rx.cond(item.name != "", rx.fragment(item.name, " · ")), t_message(rx.Var.create(item.role)),
                rx.cond(item.invited_by != "", rx.fragment(" · ", t("invited by {name}", name=item.invited_by))),
                class_name="quiet",
            ),
            class_name="person-words-column",
        ),
        rx.cond(
            item.is_expired,
            status_word(t("Expired"), "attention"),
            rx.el.span(t("ends"), " ", exact_time(item.expires_at), class_name="quiet"),
        ),
        rx.el.div(
            rx.cond(Invitations.is_mailing & (item.email != ""), resend),
            icon_button(
                "link", t("Make a new link"), on_click=Invitations.make_link(item.id), size=16,
                data_testid="invitation-new-link",
            ),
            icon_button(
                "trash-2", t("Revoke"), on_click=Invitations.revoke(item.id), size=16, data_testid="invitation-revoke"
            ),
            class_name="rights-acts",
        ),
        class_name="rights-row",
        data_testid="invitation-row",
        data_invitation_id=item.id,
        data_email=item.email,
    )  # fmt: skip
