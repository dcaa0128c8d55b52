"""How one wants to be told of what happens: a line for each kind."""

import reflex as rx
from reflex.event import EventCallback

from convosphere.account.state.told_state import ToldState
from convosphere.notifications.components.bell import MODULE
from convosphere.ui import t, t_message
from convosphere.ui.fields import form_section


class _BrowserSwitch(rx.Component):
    library = MODULE
    tag = "BrowserSwitch"
    labels: rx.Var[dict[str, str]]
    test_id: rx.Var[str]


def told_section() -> rx.Component:
    """The switch of this browser, and the table of kinds."""
    heads = (t("I am told that"), t("In the page"), t("By the browser"), t("By e-mail"))
    return form_section(
        t("Notifications"),
        _BrowserSwitch.create(labels=_labels(), test_id="browser-notifications"),
        rx.el.table(
            rx.el.thead(rx.el.tr(*(rx.el.th(head, scope="col") for head in heads))),
            rx.el.tbody(rx.foreach(ToldState.rows, lambda row: _row(row.to(dict)))),
            class_name="told",
        ),
        note=t("What you switch off everywhere is not kept at all."),
    )


def _labels() -> dict[str, rx.Var[str]]:
    return {
        "unknown": t("This browser cannot show notifications of its own."),
        "denied": t("This browser keeps notifications of this page back. You can change that beside its address."),
        "off": t("This browser shows no notifications of its own."),
        "on": t("This browser shows notifications while you look elsewhere, as long as this page is open in it."),
        "turnOn": t("Show them in this browser"),
        "turnOff": t("Show none in this browser"),
    }


def _row(row: rx.vars.ObjectVar) -> rx.Component:
    key = row["key"].to(str)
    label = t_message(row["label"])
    digest = rx.select.root(
        rx.select.trigger(
            aria_label=t("By e-mail: {kind}", kind=label), data_testid="told-digest", custom_attrs={"data-kind": key}
        ),
        rx.select.content(
            rx.select.item(t("Never"), value="none"),
            rx.select.item(t("Daily"), value="daily"),
            rx.select.item(t("Weekly"), value="weekly"),
        ),
        value=row["digest"].to(str),
        on_change=lambda digest: ToldState.want_digest(key, digest),
        size="1",
    )
    return rx.el.tr(
        rx.el.td(label),
        rx.el.td(
            _part(t("In the page")),
            _switch(
                row,
                "on_page",
                t("In the page: {kind}", kind=label),
                ToldState.want_on_page,
            ),
        ),
        rx.el.td(
            _part(t("By the browser")),
            _switch(
                row,
                "in_browser",
                t("By the browser: {kind}", kind=label),
                ToldState.want_in_browser,
            ),
        ),
        rx.el.td(_part(t("By e-mail")), digest),
    )


def _part(words: rx.Var[str]) -> rx.Component:
    """Names a cell where the heads of the columns are not shown."""
    return rx.el.span(words, class_name="told-part", aria_hidden="true")


def _switch(row: rx.vars.ObjectVar, field: str, label: rx.Var[str], want: EventCallback[str, bool]) -> rx.Component:
    return rx.switch(
        checked=row[field].to(bool),
        on_change=lambda is_wanted: want(row["key"].to(str), is_wanted),
        aria_label=label,
        data_testid=f"told-{field.replace('_', '-')}",
        custom_attrs={"data-kind": row["key"].to(str)},
    )
