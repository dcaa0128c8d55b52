"""One's own picture."""

import reflex as rx

from convosphere.account.state.profile_state import ProfileState
from convosphere.shell import FrameState
from convosphere.ui import t
from convosphere.ui.avatars import avatar
from convosphere.ui.buttons import button
from convosphere.ui.pictures import picture_part_dialog, picture_upload


def face() -> rx.Component:
    """The picture with the ways to change it; initials where there is none."""
    person = FrameState.person
    return rx.el.div(
        avatar(person.initials, person.avatar, "large"),
        rx.el.div(
            picture_upload("/api/avatar", [FrameState.load]),
            rx.cond(
                person.avatar != "",
                button(t("Remove"), on_click=ProfileState.remove_avatar, data_testid="avatar-remove"),
            ),
            class_name="face-acts",
        ),
        picture_part_dialog(),
        class_name="face",
    )
