"""The list of groups, who is in one, and the questions about it."""

import reflex as rx

from convosphere.admin.state.groups_state import GroupItem, GroupsState, MemberItem
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui import t, t_message, tn
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.feedback import empty_state, skeleton_rows
from convosphere.ui.fields import search_field, text_field
from convosphere.ui.layout import side_panel
from convosphere.ui.lists import FIRST_ROWS, gradually

Group = rx.vars.ObjectVar[GroupItem]
Member = rx.vars.ObjectVar[MemberItem]
Groups = GroupsState
SEARCH_DELAY = 250
FEW = 10
"""So many groups are found at a glance, without a search."""


def new_group_button() -> rx.Component:
    """The one act of the page."""
    label = t("New group")
    new = button(label, icon="plus", weight="primary", on_click=Groups.ask("edit", ""), data_testid="group-new")
    return rx.cond(person_may(Permission.GROUP_MANAGE), new)


def group_list() -> rx.Component:
    """All groups that the person may see."""
    nothing = rx.cond(
        Groups.text != "",
        t("No group has such a name."),
        t("There is no group yet. People in a group are given something together."),
    )
    return rx.fragment(
        rx.cond(
            (Groups.groups.length() > FEW) | (Groups.text != ""),
            search_field(
                t("Search by name"), on_change=Groups.search.debounce(SEARCH_DELAY), data_testid="groups-search"
            ),
        ),
        rx.cond(
            Groups.is_loaded,
            rx.cond(
                Groups.groups.length() > 0,
                rx.el.ul(
                    rx.foreach(gradually(Groups.groups, FIRST_ROWS), _row),
                    class_name="rights-rows",
                    aria_label=t("Groups"),
                ),
                empty_state(nothing, picture="people"),
            ),
            skeleton_rows(4),
        ),
        rx.cond(Groups.has_more, button(t("Show more"), on_click=Groups.show_more, data_testid="groups-more")),
        _edit_dialog(),
        _delete_dialog(),
    )  # fmt: skip


def member_panel() -> rx.Component:
    """Who is in the group that is open, and the ways to change that."""
    shown = Groups.shown
    return side_panel(
        shown.name,
        rx.el.p(shown.description, class_name="quiet"),
        rx.cond(shown.can_change, _adding()),
        rx.cond(
            Groups.members.length() > 0,
            rx.el.ul(
                rx.foreach(gradually(Groups.members, FIRST_ROWS), _member),
                class_name="rights-rows",
                aria_label=t("Members"),
            ),
            rx.el.p(t("Nobody is in this group yet."), class_name="quiet"),
        ),
        is_open=shown.id != "",
        on_close=Groups.close,
        testid="group-panel",
    )


def _row(group: Group) -> rx.Component:
    acts = rx.cond(
        person_may(Permission.GROUP_MANAGE),
        rx.fragment(
            icon_button("pencil", t("Change"), on_click=Groups.ask("edit", group.id), data_testid="group-edit"),
            icon_button("trash-2", t("Delete"), on_click=Groups.ask("delete", group.id), data_testid="group-delete"),
        ),
    )
    return rx.el.li(
        rx.el.button(
            rx.el.span(group.name, class_name="strong", dir="auto"),
            rx.el.span(group.description, class_name="quiet rights-description", dir="auto"),
            type="button",
            class_name="rights-open",
            on_click=Groups.open(group.id),
            data_testid="group-open",
        ),
        rx.el.span(
            tn("{count} person", "{count} people", group.people), " · ",
            tn("{count} thing shared", "{count} things shared", group.grants), class_name="quiet tabular rights-facts",
        ),
        rx.el.div(acts, class_name="rights-acts"),
        class_name="rights-row",
        data_testid="group-row",
        data_group_id=group.id,
        data_name=group.name,
    )  # fmt: skip


def _adding() -> rx.Component:
    return rx.el.div(
        search_field(
            t("Add people by name"), key=Groups.shown.id, on_change=Groups.look_up.debounce(SEARCH_DELAY),
            data_testid="group-search",
        ),
        rx.el.ul(rx.foreach(Groups.found, _candidate), class_name="rights-rows", aria_label=t("Found")),
        class_name="rights-adding",
    )  # fmt: skip


def _candidate(found: Member) -> rx.Component:
    return rx.el.li(
        _who(found),
        button(t("Add"), icon="plus", on_click=Groups.add(found.id, found.is_group), data_testid="group-add"),
        class_name="rights-row",
        data_name=found.name,
        data_testid="group-candidate",
    )


def _member(member: Member) -> rx.Component:
    manager = rx.el.label(
        rx.checkbox(
            checked=member.is_manager,
            on_change=lambda is_manager: Groups.set_manager(member.id, is_manager),  # pyright: ignore[reportArgumentType]
            data_testid="member-manager",
        ),
        t("Manages the group"),
        class_name="rights-check",
    )
    remove = icon_button("x", t("Remove"), on_click=Groups.remove(member.id), data_testid="member-remove")
    return rx.el.li(
        _who(member),
        rx.cond(Groups.shown.can_change & ~member.is_group, manager),
        rx.cond(Groups.shown.can_change, remove),
        class_name="rights-row",
        data_testid="member-row",
        data_name=member.name,
    )


def _who(member: Member) -> rx.Component:
    return rx.el.div(
        rx.cond(member.is_group, rx.icon("users-round", size=16, aria_label=t("Group"))),
        rx.el.span(member.name, dir="auto"),
        rx.el.span(member.email, class_name="quiet"),
        class_name="rights-who",
    )


def _edit_dialog() -> rx.Component:
    asked = Groups.asked
    return dialog(
        rx.cond(asked.id != "", t("Change group"), t("New group")),
        rx.el.form(
            text_field(
                t("Name"), name="group-name", default_value=asked.name, required=True, max_length=100, auto_focus=True,
                error=t_message(Groups.error), data_testid="group-name",
            ),
            text_field(
                t("What it is for (optional)"), name="group-description", default_value=asked.description,
                max_length=500, data_testid="group-description",
            ),
            rx.el.div(
                button(t("Save"), weight="primary", type="submit", data_testid="group-save"), class_name="dialog-acts"
            ),
            on_submit=Groups.save,
            class_name="form-column",
        ),
        open=Groups.dialog == "edit",
        on_open_change=Groups.close_dialog,
    )  # fmt: skip


def _delete_dialog() -> rx.Component:
    asked = Groups.asked
    people = tn("{count} person loses what it was given.", "{count} people lose what it was given.", asked.people)
    things = tn("{count} thing was shared with it.", "{count} things were shared with it.", asked.grants)
    return confirm_dialog(
        t("Delete the group “{name}”?", name=asked.name),
        rx.Var.create("") + people + " " + things + " " + t("This cannot be undone."),
        confirm_label=t("Delete"),
        on_confirm=Groups.delete,
        confirm_testid="group-delete-confirm",
        open=Groups.dialog == "delete",
        on_open_change=Groups.close_dialog,
    )
