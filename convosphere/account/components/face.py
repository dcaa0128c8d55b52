"""One's own picture."""

import reflex as rx

from convosphere.account.state.profile_state import ProfileState
from convosphere.shell import FrameState
from convosphere.ui import t
from convosphere.ui.avatars import avatar
from convosphere.ui.buttons import button


class _FaceUpload(rx.Component):
    """A button that takes a picture and sends it, see `assets/face.js`."""

    library = "$/public/face.js"
    tag = "FaceUpload"
    label: rx.Var[str]
    busy_label: rx.Var[str]
    offline: rx.Var[str]
    too_large: rx.Var[str]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


def face() -> rx.Component:
    """The picture with the ways to change it; initials where there is none."""
    person = FrameState.person
    return rx.el.div(
        avatar(person.initials, person.avatar, "large"),
        rx.el.div(
            _FaceUpload.create(
                button(t("Choose a picture"), icon="image-up", data_testid="avatar-choose"),
                label=t("Choose a picture"),
                busy_label=t("Uploading"),
                offline=t("The server does not answer. Please try again in a moment."),
                too_large=t("The picture may have at most {count} megabytes.", count=5),
                on_done=FrameState.load,
            ),
            rx.cond(
                person.avatar != "",
                button(t("Remove"), on_click=ProfileState.remove_avatar, data_testid="avatar-remove"),
            ),
            class_name="face-acts",
        ),
        class_name="face",
    )
