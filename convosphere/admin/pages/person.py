"""The page of one person."""

import reflex as rx

from convosphere.admin.components.frame import admin_frame, no_access
from convosphere.admin.components.person import person_sections
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may


def person_page() -> rx.Component:
    """One person."""
    return admin_frame(rx.cond(person_may(Permission.PERSON_READ), person_sections(), no_access()))
