"""The page of roles."""

import reflex as rx

from convosphere.admin.components.frame import admin_frame
from convosphere.admin.components.roles import new_role_button, role_list


def roles_page() -> rx.Component:
    """All roles and what they allow."""
    return admin_frame(role_list(), act=new_role_button())
