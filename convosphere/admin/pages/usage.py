"""The page of what was used, and of budgets."""

import reflex as rx

from convosphere.admin.components.budgets import budget_section
from convosphere.admin.components.frame import admin_frame, no_access
from convosphere.admin.components.usage import export_button, usage_overview
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may


def usage_page() -> rx.Component:
    """What everybody used, and what they may use."""
    content = rx.fragment(budget_section(), usage_overview())
    return admin_frame(
        rx.cond(person_may(Permission.USAGE_READ), content, no_access()),
        act=rx.cond(person_may(Permission.USAGE_READ), export_button()),
    )
