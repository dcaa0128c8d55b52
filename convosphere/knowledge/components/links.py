"""The dialog in which links to documents are made and taken back."""

import reflex as rx

from convosphere.knowledge.state.links_state import DocumentLinkItem, DocumentLinksState
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import format_date, t, tn
from convosphere.ui.once import once_dialog

Links = DocumentLinksState
_DAYS = (1, 7, 30, 90)
_USUAL_DAYS = "7"


def document_links_dialogs() -> rx.Component:
    """Opened by `DocumentLinksState.open(kind, id, name)`."""
    return rx.fragment(
        dialog(
            t("Share “{name}” by a link", name=Links.name),
            _form(),
            rx.cond(
                Links.rows.length() > 0,
                rx.el.ul(rx.foreach(Links.rows, _row), class_name="link-rows", aria_label=t("Links")),
            ),
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


def _form() -> rx.Component:
    anyone = rx.el.option(t("Anybody who has the link"), value="anyone", disabled=~Links.allows_anyone)
    scope = _select("scope", "workspace", rx.el.option(t("People of the workspace"), value="workspace"), anyone)
    rights = _select(
        "rights", "look",
        rx.el.option(t("Look"), value="look"), rx.el.option(t("Look and download"), value="download"),
    )  # fmt: skip
    days = _select(
        "days", _USUAL_DAYS,
        *(rx.el.option(tn("{count} day", "{count} days", rx.Var.create(days)), value=str(days)) for days in _DAYS),
        rx.el.option(t("Until it is revoked"), value=""),
    )  # fmt: skip
    return rx.form(
        rx.cond(
            Links.kind != "document",
            rx.el.p(
                t("The link shows what lies there at the time, as far as you may share it yourself."),
                class_name="dialog-text",
            ),
        ),
        text_field(
            t("Opens for"),
            name="document-link-scope",
            control=scope,
            help_text=rx.cond(Links.allows_anyone, "", t("This workspace allows no links that open for anybody.")),
        ),
        text_field(t("Allows to"), name="document-link-rights", control=rights),
        text_field(t("Works for"), name="document-link-days", control=days),
        button(t("Make link"), icon="link", weight="primary", type="submit", data_testid="document-link-make"),
        on_submit=Links.make,
        class_name="form-column",
    )


def _select(name: str, usual: str, *options: rx.Component) -> rx.Component:
    name = f"document-link-{name}"
    return rx.el.select(
        *options, id=name, name=name, default_value=usual, class_name="select field-input",
        aria_describedby=f"{name}-hint", data_testid=name,
    )  # fmt: skip


def _row(link: rx.vars.ObjectVar[DocumentLinkItem]) -> rx.Component:
    for_whom = rx.cond(link.scope == "anyone", t("Anybody who has the link"), t("People of the workspace"))
    rights = rx.cond(link.may_download, t("Look and download"), t("Look"))
    ends = rx.cond(
        link.expires != "",
        t("Works until {date}", date=format_date(link.expires, "date")),
        t("Works until it is revoked"),
    )
    opened = tn("opened {count} time", "opened {count} times", link.uses)
    state = rx.cond(link.works, ends, t("Opens nothing now"))
    return rx.el.li(
        rx.cond(
            link.scope == "anyone",
            rx.icon("globe", size=16, aria_hidden="true"),
            rx.icon("users", size=16, aria_hidden="true"),
        ),
        rx.el.div(
            rx.el.span(for_whom, " · ", rights),
            rx.el.span(state, " · ", opened, " · ", link.made_by, class_name="quiet", dir="auto"),
        ),
        confirm_dialog(
            t("Revoke this link?"),
            t("Pages that it has opened are closed at once."),
            confirm_label=t("Revoke"),
            on_confirm=Links.revoke(link.id),
            trigger=button(t("Revoke"), data_testid="document-link-revoke"),
            confirm_testid="document-link-revoke-confirm",
        ),
        class_name="link-row",
        data_testid="document-link-row",
        data_scope=link.scope,
        data_uses=link.uses,
    )
