"""The page of the trail."""

import reflex as rx

from convosphere.admin.components.audit import audit_filter, audit_list, audit_panel, export_menu
from convosphere.admin.components.frame import admin_frame, no_access
from convosphere.admin.components.verification import verification_result, verify_button
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may


def audit_page() -> rx.Component:
    """What happened, and whether anybody has altered that."""
    content = rx.fragment(verification_result(), audit_filter(), audit_list())
    return admin_frame(
        rx.cond(person_may(Permission.AUDIT_READ), content, no_access()),
        act=rx.cond(person_may(Permission.AUDIT_READ), rx.fragment(verify_button(), export_menu())),
        panel=audit_panel(),
    )
