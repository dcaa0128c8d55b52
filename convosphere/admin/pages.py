"""The pages of administration."""

import reflex as rx

from convosphere.admin.components.audit import audit_filter, audit_list, audit_panel, export_menu
from convosphere.admin.components.budgets import budget_section
from convosphere.admin.components.frame import admin_frame, no_access
from convosphere.admin.components.groups import group_list, member_panel, new_group_button
from convosphere.admin.components.invitations import invitation_list
from convosphere.admin.components.model_panel import model_panel
from convosphere.admin.components.models import default_choices, model_list
from convosphere.admin.components.people import invite_buttons, people_filter, people_list
from convosphere.admin.components.person import person_sections
from convosphere.admin.components.providers import add_provider_button, provider_list
from convosphere.admin.components.quality import quality_overview
from convosphere.admin.components.roles import new_role_button, role_list
from convosphere.admin.components.usage import export_button, usage_overview
from convosphere.admin.components.verification import verification_result, verify_button
from convosphere.admin.state.people_state import PeopleState
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui import t
from convosphere.ui.fields import form_section


def people_page() -> rx.Component:
    """Everybody in the workspace, and who is invited."""
    content = rx.cond(PeopleState.asked.standing == "invited", invitation_list(), people_list())
    return admin_frame(
        rx.cond(person_may(Permission.PERSON_READ), rx.fragment(people_filter(), content), no_access()),
        act=invite_buttons(),
    )


def person_page() -> rx.Component:
    """One person."""
    return admin_frame(rx.cond(person_may(Permission.PERSON_READ), person_sections(), no_access()))


def groups_page() -> rx.Component:
    """All groups, or those that a person manages."""
    return admin_frame(group_list(), act=new_group_button(), panel=member_panel())


def roles_page() -> rx.Component:
    """All roles and what they allow."""
    return admin_frame(role_list(), act=new_role_button())


def usage_page() -> rx.Component:
    """What everybody used, and what they may use."""
    content = rx.fragment(budget_section(), usage_overview())
    return admin_frame(
        rx.cond(person_may(Permission.USAGE_READ), content, no_access()),
        act=rx.cond(person_may(Permission.USAGE_READ), export_button()),
    )


def quality_page() -> rx.Component:
    """How answers did."""
    return admin_frame(rx.cond(person_may(Permission.USAGE_READ), quality_overview(), no_access()))


def models_page() -> rx.Component:
    """Providers, what is offered of them, and which model does what."""
    content = rx.fragment(
        form_section(t("Providers"), provider_list()),
        model_list(),
        default_choices(),
    )
    return admin_frame(
        rx.cond(person_may(Permission.MODEL_MANAGE), content, no_access()),
        act=rx.cond(person_may(Permission.MODEL_MANAGE), add_provider_button()),
        panel=model_panel(),
    )


def audit_page() -> rx.Component:
    """What happened, and whether anybody has altered that."""
    content = rx.fragment(verification_result(), audit_filter(), audit_list())
    return admin_frame(
        rx.cond(person_may(Permission.AUDIT_READ), content, no_access()),
        act=rx.cond(person_may(Permission.AUDIT_READ), rx.fragment(verify_button(), export_menu())),
        panel=audit_panel(),
    )
