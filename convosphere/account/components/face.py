"""One's own picture."""

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.account.state.profile_state import ProfileState
from convosphere.shell import FrameState
from convosphere.ui import t
from convosphere.ui.avatars import avatar
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog

_MODULE = "$/public/face.js"


class _FaceUpload(rx.Component):
    """A button that takes a picture, has a part of it chosen and sends it, see `assets/face.js`."""

    library = _MODULE
    tag = "FaceUpload"
    label: rx.Var[str]
    busy_label: rx.Var[str]
    offline: rx.Var[str]
    too_large: rx.Var[str]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


class _FacePart(rx.Component):
    """The form in which the part of a picture is chosen."""

    library = _MODULE
    tag = "FacePart"
    label: rx.Var[str]
    hint: rx.Var[str]
    zoom_label: rx.Var[str]


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
        _part_dialog(),
        class_name="face",
    )


def _part_dialog() -> rx.Component:
    return dialog(
        t("Which part of the picture?"),
        _FacePart.create(
            rx.el.div(
                button(t("Use this part"), weight="primary", type="submit", data_testid="avatar-part-save"),
                class_name="dialog-acts",
            ),
            label=t("Part of the picture"),
            hint=t("Drag the picture or move it with the arrow keys."),
            zoom_label=t("Zoom"),
        ),
        open=_is_choosing(),
        on_open_change=FunctionStringVar.create(
            "withdraw", _var_data=VarData(imports={_MODULE: [ImportVar(tag="withdraw")]})
        ),
    )


def _is_choosing() -> rx.Var[bool]:
    hook = "const isChoosingPart = useIsChoosing();"
    data = VarData(imports={_MODULE: [ImportVar(tag="useIsChoosing")]}, hooks={hook: None})
    return rx.Var(_js_expr="isChoosingPart", _var_type=bool, _var_data=data)
