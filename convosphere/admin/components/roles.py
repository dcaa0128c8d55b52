"""The list of roles, what each allows, and the questions about it."""

import reflex as rx

from convosphere.admin.state.roles_state import RoleItem, RolesState
from convosphere.core.permissions import Permission
from convosphere.identity.allowances import AREAS, Allowance, Area
from convosphere.identity.roles import ALWAYS
from convosphere.shell.sidebar import person_may
from convosphere.ui import t, t_message, tn
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.dialogs import confirm_dialog, dialog
from convosphere.ui.feedback import skeleton_rows
from convosphere.ui.fields import text_field

RoleVar = rx.vars.ObjectVar[RoleItem]
Roles = RolesState


def new_role_button() -> rx.Component:
    """The one act of the page."""
    new = button(t("New role"), icon="plus", weight="primary", on_click=Roles.ask("edit", ""), data_testid="role-new")
    return rx.cond(person_may(Permission.ROLE_MANAGE), new)


def role_list() -> rx.Component:
    """Built-in roles first, then those of the workspace."""
    return rx.fragment(
        rx.cond(
            Roles.is_loaded,
            rx.el.ul(rx.foreach(Roles.roles, _row), class_name="rights-rows", aria_label=t("Roles")),
            skeleton_rows(5),
        ),
        _edit_dialog(),
        _delete_dialog(),
    )


def _row(role: RoleVar) -> rx.Component:
    kind = rx.cond(role.is_custom, t("Role of this workspace"), t("Built-in role"))
    acts = rx.fragment(
        icon_button("pencil", t("Change"), on_click=Roles.ask("edit", role.key), data_testid="role-edit"),
        icon_button("trash-2", t("Delete"), on_click=Roles.ask("delete", role.key), data_testid="role-delete"),
    )
    return rx.el.li(
        rx.el.details(
            rx.el.summary(
                rx.icon("chevron-right", size=16, aria_hidden="true"),
                rx.el.span(
                    rx.el.span(t_message(role.name), class_name="strong", dir="auto"),
                    rx.el.span(role.description, class_name="quiet rights-description", dir="auto"),
                    rx.el.span(
                        kind, " · ", tn("{count} person", "{count} people", role.people), class_name="quiet tabular"
                    ),
                    class_name="rights-open",
                ),
                data_testid="role-open",
            ),
            rx.el.div(*(_allowed_area(area, role) for area in AREAS), class_name="rights-areas"),
            class_name="rights-details",
        ),
        _factor(role),
        rx.el.div(
            rx.cond(role.is_custom & person_may(Permission.ROLE_MANAGE), acts), class_name="rights-acts"
        ),
        class_name="rights-row",
        data_testid="role-row",
        data_role=role.key,
        data_people=role.people,
    )  # fmt: skip


def _factor(role: RoleVar) -> rx.Component:
    switch = rx.switch(
        checked=role.requires_factor,
        on_change=lambda is_required: Roles.require_factor(role.key, is_required),  # pyright: ignore[reportArgumentType]
        disabled=~person_may(Permission.ROLE_MANAGE),
        size="1",
        data_testid="role-factor",
    )
    return rx.el.label(switch, t("Needs a second factor"), class_name="rights-check")


def _allowed_area(area: Area, role: RoleVar) -> rx.Component:
    return rx.el.section(
        rx.el.h3(t(area.title.text), class_name="rights-area"),
        rx.el.ul(*(_allowed(allowance, role) for allowance in area.allowances)),
    )


def _allowed(allowance: Allowance, role: RoleVar) -> rx.Component:
    is_allowed = role.permissions.contains(allowance.permission)  # pyright: ignore[reportAttributeAccessIssue]
    return rx.el.li(
        rx.cond(
            is_allowed,
            rx.icon("check", size=16, aria_label=t("Allowed")),
            rx.icon("minus", size=16, aria_label=t("Not allowed")),
        ),
        rx.el.div(rx.el.span(t(allowance.label.text)), rx.el.p(t(allowance.description.text), class_name="quiet")),
        class_name="rights-allowance",
        data_permission=allowance.permission,
        data_allowed=is_allowed,
    )


def _edit_dialog() -> rx.Component:
    asked = Roles.asked
    return dialog(
        rx.cond(asked.key != "", t("Change role"), t("New role")),
        rx.el.form(
            text_field(
                t("Name"), name="role-name", default_value=t_message(asked.name), required=True, max_length=100,
                auto_focus=True, error=t_message(Roles.error), data_testid="role-name",
            ),
            text_field(
                t("What it is for (optional)"), name="role-description", default_value=asked.description,
                max_length=500, data_testid="role-description",
            ),
            *(_area_choices(area) for area in AREAS),
            rx.cond(
                asked.people.to(int) > 0,
                rx.el.p(
                    tn("It holds at once for {count} person.", "It holds at once for {count} people.", asked.people),
                    class_name="quiet",
                ),
            ),
            rx.el.div(
                button(t("Save"), weight="primary", type="submit", data_testid="role-save"), class_name="dialog-acts"
            ),
            on_submit=Roles.save,
            class_name="form-column",
        ),
        open=Roles.dialog == "edit",
        on_open_change=Roles.close_dialog,
    )  # fmt: skip


def _area_choices(area: Area) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t(area.title.text), class_name="rights-area"),
        *(_choice(allowance) for allowance in area.allowances),
        class_name="rights-choices",
    )


def _choice(allowance: Allowance) -> rx.Component:
    name = allowance.permission.value
    box = rx.checkbox(
        checked=Roles.chosen.contains(name),
        on_change=lambda is_allowed: Roles.choose(name, is_allowed),  # pyright: ignore[reportArgumentType]
        disabled=True if allowance.permission in ALWAYS else ~person_may(allowance.permission),
        data_testid="role-permission",
        data_permission=name,
    )
    words = rx.el.span(t(allowance.label.text), rx.el.span(t(allowance.description.text), class_name="quiet"))
    return rx.el.label(box, words, class_name="rights-choice")


def _delete_dialog() -> rx.Component:
    asked = Roles.asked
    return confirm_dialog(
        t("Delete the role “{name}”?", name=t_message(asked.name)),
        tn(
            "{count} person has this role. Give them another one first.",
            "{count} people have this role. Give them another one first, or it cannot be deleted.",
            asked.people,
        ),
        confirm_label=t("Delete"),
        on_confirm=Roles.delete,
        confirm_testid="role-delete-confirm",
        open=Roles.dialog == "delete",
        on_open_change=Roles.close_dialog,
    )
