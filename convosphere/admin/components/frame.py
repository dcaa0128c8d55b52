"""What all pages of administration have in common."""

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


def admin_frame(*content: rx.Component, **props: Any) -> rx.Component:
    """A page of administration with the ways to the others."""
    may_see_groups = person_may(Permission.PERSON_READ) | FrameState.person.manages_groups
    sections = [
        Section(t("People"), "users", routes.PEOPLE, "admin-people", person_may(Permission.PERSON_READ)),
        Section(t("Groups"), "users-round", routes.GROUPS, "admin-groups", may_see_groups),
        Section(t("Roles"), "key-round", routes.ROLES, "admin-roles", person_may(Permission.ROLE_MANAGE)),
        Section(t("Usage"), "chart-column", routes.USAGE, "admin-usage", person_may(Permission.USAGE_READ)),
        Section(t("Models"), "cpu", routes.MODELS, "admin-models", person_may(Permission.MODEL_MANAGE)),
        Section(t("Audit trail"), "scroll-text", routes.AUDIT, "admin-audit", person_may(Permission.AUDIT_READ)),
    ]
    return section_page(t("Administration"), sections, *content, **props)
