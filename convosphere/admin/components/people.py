"""The list of people: its head, its rows, and the bar for who is selected."""

import reflex as rx

from convosphere.admin.components.faces import face_and_name
from convosphere.admin.components.lists import import_dialog
from convosphere.admin.state.import_state import ImportState
from convosphere.admin.state.invitations_state import InvitationsState
from convosphere.admin.state.people_act_state import PeopleActState
from convosphere.admin.state.people_items import Choice, PersonItem
from convosphere.admin.state.people_state import PeopleState
from convosphere.core.permissions import Permission
from convosphere.identity.state.invite_state import InviteState
from convosphere.shell.sidebar import person_may
from convosphere.ui import exact_time, t, t_message, tn
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.feedback import empty_state, skeleton_rows, status_word
from convosphere.ui.fields import search_field, text_field
from convosphere.ui.layout import bottom_bar
from convosphere.ui.lists import FIRST_ROWS, gradually
from convosphere.ui.selection import SelectableList

Acts = PeopleActState
People = PeopleState
Item = rx.vars.ObjectVar[PersonItem]
SEARCH_DELAY = 200


def invite_buttons() -> rx.Component:
    """The ways to let people in."""
    return rx.cond(
        person_may(Permission.PERSON_INVITE),
        rx.fragment(
            icon_button(
                "list-plus", t("Invite a list"), on_click=ImportState.show(True), data_testid="people-list-open"
            ),
            button(
                t("Invite"), icon="user-plus", weight="primary", on_click=InviteState.show(True),
                data_testid="invite-open",
            ),
            import_dialog(),
        ),
    )  # fmt: skip


def people_filter() -> rx.Component:
    """What to look for; every change shows at once."""
    states = [("", t("Everybody")), ("active", t("Active")), ("inactive", t("Deactivated")), ("invited", t("Invited"))]
    return rx.el.div(
        rx.cond(
            People.asked.standing != "invited",
            search_field(
                t("Search by name or address"), default_value=People.asked.text,
                on_change=People.search.debounce(SEARCH_DELAY),
                data_testid="people-search",
            ),
        ),
        rx.el.select(
            *(rx.el.option(label, value=value) for value, label in states),
            value=People.asked.standing,
            on_change=lambda value: [People.filter_by("standing", value), InvitationsState.load],
            aria_label=t("Status"), class_name="select", data_testid="people-standing",
        ),
        rx.cond(
            People.asked.standing != "invited",
            rx.fragment(
                _filter("role", t("All roles"), t("Role"), People.roles, People.asked.role),
                _filter("group", t("All groups"), t("Group"), People.groups, People.asked.group),
            ),
        ),
        role="search",
        class_name="people-filter",
    )  # fmt: skip


def people_list() -> rx.Component:
    """The rows of the page, with the ways to the others and what can be done with those who are selected."""
    return rx.cond(
        People.is_loaded,
        rx.fragment(
            _head(),
            rx.cond(
                People.rows.length() > 0,
                SelectableList.create(
                    rx.foreach(gradually(People.rows, FIRST_ROWS), _row), label=t("People"), first=People.first,
                    selecting=Acts.selected.length() > 0, on_select=Acts.select, on_clear=Acts.clear,
                ),
                empty_state(t("Nobody matches."), picture="search"),
            ),
            _pager(),
            _bulk_bar(),
            _role_dialog(),
            _group_dialog(),
            _deactivate_dialog(),
        ),
        skeleton_rows(8),
    )  # fmt: skip


def standing_word(standing: rx.Var[str]) -> rx.Component:
    """Whether somebody is let in; nothing is said of what is usual."""
    return rx.fragment(
        rx.cond(standing == "inactive", status_word(t("Deactivated"), "attention")),
        rx.cond(standing == "leaving", status_word(t("Being deleted"), "bad", is_busy=True)),
    )


def choice_option(choice: rx.vars.ObjectVar[Choice]) -> rx.Component:
    """One line of a native choice."""
    return rx.el.option(t_message(rx.Var.create(choice.name)), value=choice.key)


def _filter(name: str, every: rx.Var[str], label: rx.Var[str], choices: rx.Var, value: rx.Var[str]) -> rx.Component:
    return rx.el.select(
        rx.el.option(every, value=""),
        rx.foreach(choices, choice_option),
        value=value,
        on_change=lambda chosen: People.filter_by(name, chosen),
        aria_label=label,
        class_name="select",
        data_testid=f"people-{name}",
    )


def _head() -> rx.Component:
    is_all = (Acts.selected.length() > 0) & (Acts.selected.length() >= People.rows.length())
    return rx.el.div(
        rx.checkbox(
            checked=is_all, on_change=Acts.toggle_all, aria_label=t("Select all that are shown"),
            data_testid="people-select-all",
        ),
        _sort(t("Name"), "name"),
        _sort(t("Role"), "role"),
        rx.el.span(t("Groups"), class_name="people-groups"),
        _sort(t("Last active"), "active"),
        class_name="people-head",
    )  # fmt: skip


def _sort(label: rx.Var[str], sort: str) -> rx.Component:
    is_this = People.asked.sort == sort
    arrow = rx.cond(
        People.asked.is_descending,
        rx.icon("arrow-up", size=14, aria_hidden="true"),
        rx.icon("arrow-down", size=14, aria_hidden="true"),
    )
    return rx.el.button(
        label,
        rx.cond(is_this, arrow),
        type="button",
        class_name="documents-sort",
        data_sort=sort,
        aria_pressed=is_this,
        on_click=People.sort_by(sort),
    )


def _row(item: Item) -> rx.Component:
    return rx.el.li(
        rx.checkbox(
            checked=Acts.selected.contains(item.id),
            on_change=lambda is_selected: Acts.select([item.id], is_selected),  # pyright: ignore[reportArgumentType]
            aria_label=t("Select {name}", name=item.name),
            data_testid="person-select",
        ),
        face_and_name(item),
        rx.el.div(
            rx.el.span(t_message(rx.Var.create(item.role))), standing_word(item.standing), class_name="person-role"
        ),
        rx.el.span(item.groups, class_name="quiet people-groups", dir="auto"),
        rx.el.span(
            rx.cond(item.last_active != "", exact_time(item.last_active), t("Never")), class_name="quiet person-active"
        ),
        class_name="people-row",
        data_testid="person-row",
        data_person_id=item.id,
        data_name=item.name,
        data_standing=item.standing,
    )  # fmt: skip


def _pager() -> rx.Component:
    first, count = People.first.to(int), People.found.to(int)
    last = first + People.rows.length()
    return rx.el.nav(
        rx.cond(
            count > People.rows.length(),
            rx.fragment(
                icon_button(
                    "chevron-left", t("Previous page"), disabled=first == 0, on_click=People.turn_page(False),
                    data_testid="people-previous",
                ),
                rx.el.span(t("{first} to {last} of {count}", first=first + 1, last=last, count=count)),
                icon_button(
                    "chevron-right", t("Next page"), disabled=last >= count, on_click=People.turn_page(True),
                    data_testid="people-next",
                ),
            ),
            tn("{count} person", "{count} people", count),
        ),
        class_name="pager quiet tabular",
        aria_label=t("Pages of the list"),
        data_testid="people-range",
        data_count=count,
    )  # fmt: skip


def _bulk_bar() -> rx.Component:
    manages = person_may(Permission.PERSON_MANAGE)
    return bottom_bar(
        rx.el.span(
            tn("{count} selected", "{count} selected", Acts.selected.length()), class_name="strong tabular",
            data_testid="people-selected",
        ),
        rx.cond(
            manages, button(t("Role"), icon="key-round", on_click=Acts.ask("role"), data_testid="people-bulk-role")
        ),
        rx.cond(
            person_may(Permission.GROUP_MANAGE),
            button(t("Group"), icon="users-round", on_click=Acts.ask("group"), data_testid="people-bulk-group"),
        ),
        rx.cond(
            manages,
            button(
                t("Deactivate"), icon="user-x", tone="bad", on_click=Acts.ask("deactivate"),
                data_testid="people-bulk-deactivate",
            ),
        ),
        icon_button("x", t("Select none"), on_click=Acts.clear, data_testid="people-clear"),
        is_open=Acts.selected.length() > 0,
        label=t("Selected people"),
    )  # fmt: skip


def _role_dialog() -> rx.Component:
    return _choose("role", t("Give a role"), t("Role"), People.roles, Acts.give_role)


def _group_dialog() -> rx.Component:
    return _choose("group", t("Add to a group"), t("Group"), People.groups, Acts.add_to_group)


def _choose(
    name: str, title: rx.Var[str], label: rx.Var[str], choices: rx.Var, on_submit: rx.event.EventType[dict[str, str]]
) -> rx.Component:
    field = f"bulk-{name}"
    select = rx.el.select(
        rx.foreach(choices, choice_option), id=field, name=field, class_name="select",
        data_testid=f"people-{field}-choice",
    )  # fmt: skip
    return dialog(
        title,
        rx.el.form(
            text_field(label, name=field, control=select),
            rx.el.div(
                button(
                    tn("Change for {count} person", "Change for {count} people", Acts.selected.length()),
                    weight="primary", type="submit", data_testid="people-bulk-confirm",
                ),
                class_name="dialog-acts",
            ),
            on_submit=on_submit,
            class_name="form-column",
        ),
        open=Acts.dialog == name,
        on_open_change=Acts.close_dialog,
    )  # fmt: skip


def _deactivate_dialog() -> rx.Component:
    return confirm_dialog(
        tn("Deactivate {count} person?", "Deactivate {count} people?", Acts.selected.length()),
        t(
            "They are signed out everywhere at once, and their keys end. What they have stays, and they can be let in"
            " again."
        ),
        confirm_label=t("Deactivate"),
        on_confirm=Acts.deactivate,
        confirm_testid="people-bulk-confirm",
        open=Acts.dialog == "deactivate",
        on_open_change=Acts.close_dialog,
    )
