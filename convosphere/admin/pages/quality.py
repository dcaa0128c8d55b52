"""The page of how answers did."""

import reflex as rx

from convosphere.admin.components.frame import admin_frame, no_access
from convosphere.admin.components.quality import quality_overview
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may


def quality_page() -> rx.Component:
    """How answers did."""
    return admin_frame(rx.cond(person_may(Permission.USAGE_READ), quality_overview(), no_access()))
