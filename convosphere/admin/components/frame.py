"""What all pages of administration have in common."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from convosphere.core import page_routes as routes
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.shell.state import FrameState
from convosphere.ui import t
from convosphere.ui.buttons import link_button
from convosphere.ui.feedback import empty_state
from convosphere.ui.sections import Section, section_page


def no_access() -> rx.Component:
    """For whoever followed a link to a page that is not for them."""
    return empty_state(t("You do not have permission to do this."), link_button(t("Chat"), routes.CHAT), picture="lost")


@dataclass(frozen=True)
class AdminSection:
    """A page of administration, and the permission without which there is nothing to see on it."""

    label: rx.Var[str]
    icon: str
    route: str
    testid: str
    permission: Permission


ADMIN_SECTIONS = [
    AdminSection(t("People"), "users", routes.PEOPLE, "admin-people", Permission.PERSON_READ),
    AdminSection(t("Groups"), "users-round", routes.GROUPS, "admin-groups", Permission.PERSON_READ),
    AdminSection(t("Roles"), "key-round", routes.ROLES, "admin-roles", Permission.ROLE_MANAGE),
    AdminSection(t("Usage"), "chart-column", routes.USAGE, "admin-usage", Permission.USAGE_READ),
    AdminSection(t("Quality"), "thumbs-up", routes.QUALITY, "admin-quality", Permission.USAGE_READ),
    AdminSection(t("Models"), "cpu", routes.MODELS, "admin-models", Permission.MODEL_MANAGE),
    AdminSection(
        t("Conversations"), "messages-square", routes.CHAT_RULES, "admin-chat-rules", Permission.WORKSPACE_MANAGE
    ),
    AdminSection(t("Audit trail"), "scroll-text", routes.AUDIT, "admin-audit", Permission.AUDIT_READ),
]


def admin_frame(*content: rx.Component, **props: Any) -> rx.Component:
    """A page of administration with the ways to the others."""
    return section_page(t("Administration"), [*map(_line, ADMIN_SECTIONS)], *content, **props)


def _line(section: AdminSection) -> Section:
    is_shown = person_may(section.permission)
    if section.route == routes.GROUPS:
        is_shown |= FrameState.person.manages_groups
    return Section(section.label, section.icon, section.route, section.testid, is_shown)
