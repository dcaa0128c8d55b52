"""The page of rules on conversations."""

import reflex as rx

from convosphere.admin.components.chat_rules import chat_rules
from convosphere.admin.components.frame import admin_frame, no_access
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may


def chat_rules_page() -> rx.Component:
    """How long conversations live."""
    return admin_frame(rx.cond(person_may(Permission.WORKSPACE_MANAGE), chat_rules(), no_access()))
