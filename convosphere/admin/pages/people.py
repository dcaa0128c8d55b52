"""The page of all people."""

import reflex as rx

from convosphere.admin.components.frame import admin_frame, no_access
from convosphere.admin.components.invitations import invitation_list
from convosphere.admin.components.people import invite_buttons, people_filter, people_list
from convosphere.admin.state.people_state import PeopleState
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may


def people_page() -> rx.Component:
    """Everybody in the workspace, and who is invited."""
    content = rx.cond(PeopleState.asked.standing == "invited", invitation_list(), people_list())
    return admin_frame(
        rx.cond(person_may(Permission.PERSON_READ), rx.fragment(people_filter(), content), no_access()),
        act=invite_buttons(),
    )
