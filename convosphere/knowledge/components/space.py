"""Space: bars of who takes how much of what they may, and the limits."""

import reflex as rx

from convosphere.knowledge.components.choosing import one_of_found
from convosphere.knowledge.state.space_state import (
    NEAR_PERCENT,
    OwnSpaceState,
    QuotaItem,
    SpaceItem,
    SpaceState,
)
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import dialog
from convosphere.ui.fields import text_field
from convosphere.ui.figures import meter
from convosphere.ui.i18n import format_bytes, t, t_message

Space, Own = SpaceState, OwnSpaceState
SEARCH_DELAY = 250


def own_space() -> rx.Component:
    """What one takes oneself, with what one may; a line that grows a bar where there is a limit."""
    of_limit = t("{used} of {limit} used", used=format_bytes(Own.taken), limit=format_bytes(Own.limit))
    in_group = t("Group {group}: {used} of {limit} used", group=Own.group, used=format_bytes(Own.taken),
                 limit=format_bytes(Own.limit))  # fmt: skip
    words = rx.cond(Own.group != "", in_group, rx.cond(Own.limit.to(int) >= 0, of_limit, t(
        "Your files take {used}", used=format_bytes(Own.used))))  # fmt: skip
    bar = meter(Own.percent, words, is_bad=Own.percent >= 100, is_near=Own.percent >= NEAR_PERCENT)
    return rx.cond(
        (Own.used > 0) | (Own.limit >= 0),
        rx.el.div(
            rx.el.span(words, class_name="quiet tabular", dir="auto"), rx.cond(Own.limit >= 0, bar),
            class_name="own-space", data_testid="own-space", data_percent=Own.percent,
        ),
    )  # fmt: skip


def space_section() -> rx.Component:
    """Everybody's."""
    shown = Space.shown
    new = button(t("New limit"), icon="plus", on_click=Space.ask, data_testid="space-new")
    whole = t("{used} of {limit} used", used=format_bytes(shown.whole.used), limit=format_bytes(shown.whole.limit))
    return rx.el.section(
        rx.el.div(rx.el.h2(t("Space"), class_name="section-title"), new, class_name="usage-bar"),
        rx.el.div(
            rx.el.span(t("The whole workspace"), " · ", whole, class_name="tabular"),
            meter(shown.whole.percent, whole, is_bad=shown.whole.percent >= 100,
                  is_near=shown.whole.percent >= NEAR_PERCENT),
            class_name="own-space",
        ),
        rx.cond(shown.quotas.length() > 0, _list(t("Limits"), rx.foreach(shown.quotas, _quota)),
                rx.el.p(t("There are no limits yet besides that of the workspace."), class_name="quiet")),
        rx.cond(shown.people.length() > 0, _list(t("People"), rx.foreach(shown.people, _line))),
        rx.cond(shown.groups.length() > 0, _list(t("Groups"), rx.foreach(shown.groups, _line))),
        rx.el.p(
            t("A file counts for whoever brought it, with all versions and in the trash too. Whoever is in a group"
              " counts there as well."),
            class_name="quiet",
        ),
        _dialog(),
        class_name="usage-section",
        data_testid="space",
    )  # fmt: skip


def _list(title: rx.Var[str], rows: rx.Component) -> rx.Component:
    return rx.fragment(rx.el.h3(title, class_name="list-group"), rx.el.ul(rows, class_name="plain-lines"))


def _line(item: rx.vars.ObjectVar[SpaceItem]) -> rx.Component:
    of_limit = t("{used} of {limit} used", used=format_bytes(item.used), limit=format_bytes(item.limit))
    words = rx.cond(item.limit.to(int) >= 0, of_limit, format_bytes(item.used))
    has_limit = item.limit.to(int) >= 0
    return rx.el.li(
        rx.el.span(item.name, class_name="bar-name", dir="auto"),
        rx.el.span(words, class_name="tabular"),
        meter(item.percent.to(int), words, is_bad=has_limit & (item.percent.to(int) >= 100),
              is_near=has_limit & (item.percent.to(int) >= NEAR_PERCENT)),
        class_name="bar-line",
        data_testid="space-line",
        data_name=item.name,
        data_percent=item.percent,
    )  # fmt: skip


def _quota(item: rx.vars.ObjectVar[QuotaItem]) -> rx.Component:
    whom = rx.match(
        item.subject,
        ("everyone", t("Each person")),
        ("group", rx.cond(item.is_shared, t("Group {group} together", group=item.name),
                          t("Each person in {group}", group=item.name))),
        item.name,
    )  # fmt: skip
    return rx.el.li(
        rx.el.span(whom, dir="auto"),
        rx.el.span(t("{megabytes} MB", megabytes=item.megabytes), class_name="tabular"),
        icon_button("trash-2", t("Take the limit away"), size=16, on_click=Space.remove(item.id),
                    data_testid="space-remove"),
        class_name="space-limit",
        data_testid="space-limit",
        data_subject=item.subject,
    )  # fmt: skip


def _dialog() -> rx.Component:
    subjects = {
        "everyone": t("Each person"), "group": t("Each person in a group"), "team": t("A group together"),
        "person": t("One person"),
    }  # fmt: skip
    subject = rx.el.select(
        *(rx.el.option(label, value=value) for value, label in subjects.items()),
        id="space-subject", name="space-subject", value=Space.subject, on_change=Space.choose_subject,
        class_name="select", data_testid="space-subject",
    )  # fmt: skip
    return dialog(
        t("New limit"),
        rx.el.p(
            t("A person's own limit goes first, then the largest of their groups, then that for each person. What a"
              " group may take together holds besides."),
            class_name="dialog-text",
        ),
        rx.el.form(
            text_field(t("For whom"), name="space-subject", control=subject),
            rx.cond(Space.subject != "everyone", _whom()),
            text_field(t("Megabytes"), name="space-megabytes", input_mode="numeric", required=True, max_length=10,
                       data_testid="space-megabytes"),
            rx.cond(
                Space.error.contains("text"),
                rx.el.p(t_message(Space.error), class_name="field-error", role="alert", data_testid="space-error"),
            ),
            rx.el.div(
                button(t("Save"), weight="primary", type="submit", data_testid="space-save"), class_name="dialog-acts"
            ),
            on_submit=Space.save,
            class_name="form-column",
        ),
        open=Space.is_open,
        on_open_change=Space.close,
    )  # fmt: skip


def _whom() -> rx.Component:
    return one_of_found(
        "space", t("Find by name"), Space.chosen, Space.found, look_up=Space.look_up, choose=Space.choose
    )  # fmt: skip
