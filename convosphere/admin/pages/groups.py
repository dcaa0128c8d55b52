"""The page of groups."""

import reflex as rx

from convosphere.admin.components.frame import admin_frame
from convosphere.admin.components.groups import group_list, member_panel, new_group_button


def groups_page() -> rx.Component:
    """All groups, or those that a person manages."""
    return admin_frame(group_list(), act=new_group_button(), panel=member_panel())
