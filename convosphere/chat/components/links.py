"""The dialog in which links to a conversation are made and taken back."""

import reflex as rx

from convosphere.chat.state.links_state import LinkItem, LinksState
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import format_date, t, tn
from convosphere.ui.once import once_dialog

_DAYS = (1, 7, 30, 90)
_USUAL_DAYS = "7"
Link = rx.vars.ObjectVar[LinkItem]


def links_dialogs() -> rx.Component:
    """Opened by `LinksState.open(conversation_id)`."""
    return rx.fragment(
        dialog(
            t("Share by a link"),
            _form(),
            rx.cond(
                LinksState.rows.length() > 0,
                rx.el.ul(rx.foreach(LinksState.rows, _row), class_name="link-rows", aria_label=t("Links")),
            ),
            rx.cond(LinksState.may_allow, _rule()),
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


def _form() -> rx.Component:
    anyone = rx.el.option(t("Anybody who has the link"), value="anyone", disabled=~LinksState.allows_anyone)
    scope = _select("link-scope", "workspace", rx.el.option(t("People of the workspace"), value="workspace"), anyone)
    kind = _select(
        "link-kind", "snapshot",
        rx.el.option(t("What there is now"), value="snapshot"), rx.el.option(t("What comes later too"), value="live"),
    )  # fmt: skip
    days = _select(
        "link-days", _USUAL_DAYS,
        *(rx.el.option(tn("{count} day", "{count} days", rx.Var.create(days)), value=str(days)) for days in _DAYS),
        rx.el.option(t("Until it is revoked"), value=""),
    )  # fmt: skip
    return rx.form(
        text_field(
            t("Opens for"),
            name="link-scope",
            control=scope,
            help_text=rx.cond(LinksState.allows_anyone, "", t("This workspace allows no links that open for anybody.")),
        ),
        text_field(t("Shows"), name="link-kind", control=kind),
        text_field(t("Works for"), name="link-days", control=days),
        button(t("Make link"), icon="link", weight="primary", type="submit", data_testid="link-make"),
        on_submit=LinksState.make,
        class_name="form-column",
    )


def _select(name: str, usual: str, *options: rx.Component) -> rx.Component:
    return rx.el.select(
        *options, id=name, name=name, default_value=usual, class_name="select field-input",
        aria_describedby=f"{name}-hint", data_testid=name,
    )  # fmt: skip


def _row(link: Link) -> rx.Component:
    for_whom = rx.cond(link.scope == "anyone", t("Anybody who has the link"), t("People of the workspace"))
    shows = rx.cond(link.is_live, t("What comes later too"), t("What there was then"))
    ends = rx.cond(
        link.expires != "",
        t("Works until {date}", date=format_date(link.expires, "date")),
        t("Works until it is revoked"),
    )
    state = rx.cond(link.works, ends, t("Opens nothing now"))
    return rx.el.li(
        rx.cond(
            link.scope == "anyone",
            rx.icon("globe", size=16, aria_hidden="true"),
            rx.icon("users", size=16, aria_hidden="true"),
        ),
        rx.el.div(
            rx.el.span(for_whom, " · ", shows), rx.el.span(state, " · ", link.made_by, class_name="quiet", dir="auto")
        ),
        confirm_dialog(
            t("Revoke this link?"),
            t("Pages that it has opened are closed at once."),
            confirm_label=t("Revoke"),
            on_confirm=LinksState.revoke(link.id),
            trigger=button(t("Revoke"), data_testid="link-revoke"),
            confirm_testid="link-revoke-confirm",
        ),
        class_name="link-row",
        data_testid="link-row",
        data_scope=link.scope,
    )


def _rule() -> rx.Component:
    """For administrators: what holds for all."""
    return rx.el.label(
        rx.switch(checked=LinksState.allows_anyone, on_change=LinksState.allow_anyone, data_testid="link-rule"),
        rx.el.span(t("Allow links that open for anybody, in the whole workspace")),
        class_name="link-rule",
    )
