"""The parts of dialogs in which links are made and taken back."""

import reflex as rx

from convosphere.identity.state.link_rule_state import LinkRuleState, MadeLink
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import confirm_dialog
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import format_date, t, tn

_DAYS = (1, 7, 30, 90)
_USUAL_DAYS = "7"


def link_form(
    name: str,
    label: str | rx.Var[str],
    choices: dict[str, rx.Var[str]],
    *,
    kind: str,
    on_submit: rx.event.EventType[dict[str, str]],
) -> rx.Component:
    """For whom a link opens, for how long, and what of `choices`, of which the first is the usual one.

    Its fields are called `name`-scope, `name`-`kind` and `name`-days.
    """
    anyone = rx.el.option(t("Anybody who has the link"), value="anyone", disabled=~LinkRuleState.allows_anyone)
    scope = _select(
        f"{name}-scope", "workspace", rx.el.option(t("People of the workspace"), value="workspace"), anyone
    )  # fmt: skip
    chosen = _select(
        f"{name}-{kind}", next(iter(choices)), *(rx.el.option(said, value=value) for value, said in choices.items())
    )
    days = _select(
        f"{name}-days", _USUAL_DAYS,
        *(rx.el.option(tn("{count} day", "{count} days", rx.Var.create(days)), value=str(days)) for days in _DAYS),
        rx.el.option(t("Until it is revoked"), value=""),
    )  # fmt: skip
    nobody = t("This workspace allows no links that open for anybody.")
    return rx.form(
        text_field(
            t("Opens for"),
            name=f"{name}-scope",
            control=scope,
            help_text=rx.cond(LinkRuleState.allows_anyone, "", nobody),
        ),
        text_field(label, name=f"{name}-{kind}", control=chosen),
        text_field(t("Works for"), name=f"{name}-days", control=days),
        button(t("Make link"), icon="link", weight="primary", type="submit", data_testid=f"{name}-make"),
        on_submit=on_submit,
        class_name="form-column",
    )


def link_row(
    name: str, link: rx.vars.ObjectVar[MadeLink], shows: rx.Var[str], *more: rx.Var[str], revoke: rx.event.EventType[()]
) -> rx.Component:
    """A link that was made, with what it `shows`, and what else there is to say."""
    for_whom = rx.cond(link.scope == "anyone", t("Anybody who has the link"), t("People of the workspace"))
    ends = rx.cond(
        link.expires != "",
        t("Works until {date}", date=format_date(link.expires, "date")),
        t("Works until it is revoked"),
    )
    state = rx.cond(link.works, ends, t("Opens nothing now"))
    notes = [part for each in (*more, link.made_by) for part in (" · ", each)]
    return rx.el.li(
        rx.cond(
            link.scope == "anyone",
            rx.icon("globe", size=16, aria_hidden="true"),
            rx.icon("users", size=16, aria_hidden="true"),
        ),
        rx.el.div(
            rx.el.span(for_whom, " · ", shows),
            rx.el.span(state, *notes, class_name="quiet", dir="auto"),
        ),
        confirm_dialog(
            t("Revoke this link?"),
            t("Pages that it has opened are closed at once."),
            confirm_label=t("Revoke"),
            on_confirm=revoke,
            trigger=button(t("Revoke"), data_testid=f"{name}-revoke"),
            confirm_testid=f"{name}-revoke-confirm",
        ),
        class_name="link-row",
        data_testid=f"{name}-row",
        data_scope=link.scope,
    )


def link_rule() -> rx.Component:
    """For administrators: what holds for all."""
    allow = rx.el.label(
        rx.switch(
            checked=LinkRuleState.allows_anyone, on_change=LinkRuleState.allow_anyone, data_testid="link-rule"
        ),
        rx.el.span(t("Allow links that open for anybody, in the whole workspace")),
        class_name="link-rule",
    )  # fmt: skip
    return rx.cond(LinkRuleState.may_allow, allow)


def _select(name: str, usual: str, *options: rx.Component) -> rx.Component:
    return rx.el.select(
        *options, id=name, name=name, default_value=usual, class_name="select field-input",
        aria_describedby=f"{name}-hint", data_testid=name,
    )  # fmt: skip
