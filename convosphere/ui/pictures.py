"""Bringing a picture: a file is chosen, then which part of it, and the server makes one of its own of that."""

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.i18n import t

_MODULE = "$/public/face.js"
MOST_MEGABYTES = 5


def _on_done(answer: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (answer,)


class _FaceUpload(rx.Component):
    """A button that takes a picture, has a part of it chosen and sends it, see `assets/face.js`."""

    library = _MODULE
    tag = "FaceUpload"
    address: rx.Var[str]
    label: rx.Var[str]
    busy_label: rx.Var[str]
    offline: rx.Var[str]
    too_large: rx.Var[str]
    on_done: rx.EventHandler[_on_done]


class _FacePart(rx.Component):
    """The form in which the part of a picture is chosen."""

    library = _MODULE
    tag = "FacePart"
    label: rx.Var[str]
    hint: rx.Var[str]
    zoom_label: rx.Var[str]


def picture_upload(address: str, on_done: rx.event.EventType[()] | rx.event.EventType[dict[str, str]]) -> rx.Component:
    """The button, for a route that takes the raw file; `on_done` may take what that answers."""
    return _FaceUpload.create(
        button(t("Choose a picture"), icon="image-up", data_testid="avatar-choose"),
        address=address,
        label=t("Choose a picture"),
        busy_label=t("Uploading"),
        offline=t("The server does not answer. Please try again in a moment."),
        too_large=t("The picture may have at most {count} megabytes.", count=MOST_MEGABYTES),
        on_done=on_done,
    )


def picture_part_dialog() -> rx.Component:
    """Where the part is chosen; once on a page that has a `picture_upload`."""
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
