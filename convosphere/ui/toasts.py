"""Short notices in a corner, kept in a var: the frontend runs no script that a handler sends."""

from collections.abc import Sequence
from typing import Literal, TypedDict

import reflex as rx
from reflex.event import EventCallback

from convosphere.core.i18n import Value
from convosphere.ui.buttons import button, icon_button
from convosphere.ui.i18n import t, t_message
from convosphere.ui.layout import FRAME_MODULE

ToastKind = Literal["info", "success", "error"]
ToastHandler = EventCallback[str]
_ICONS: dict[ToastKind, str] = {"info": "info", "success": "circle-check", "error": "circle-alert"}


class ToastRow(TypedDict):
    """One notice. `message` is a `core.i18n.Message` as a dict; `undo` is `kind:id`, or empty where there is none."""

    id: str
    kind: str
    message: dict[str, str | dict[str, Value]]
    undo: str


class _Toast(rx.Component):
    library = FRAME_MODULE
    tag = "Toast"
    kind: rx.Var[str]
    seconds: rx.Var[int]
    on_expire: rx.EventHandler[rx.event.no_args_event_spec]


def toast_region(toasts: rx.Var[Sequence[ToastRow]], on_dismiss: ToastHandler, on_undo: ToastHandler) -> rx.Component:
    """The place where notices appear; errors stay until they are dismissed, the rest leaves after 6 seconds."""
    return rx.el.section(
        rx.foreach(toasts, lambda row: _toast(row.to(dict), on_dismiss, on_undo)),
        class_name="toasts",
        aria_label=t("Notices"),
    )


def _toast(row: rx.vars.ObjectVar, on_dismiss: ToastHandler, on_undo: ToastHandler) -> rx.Component:
    identity = row["id"].to(str)
    kind = row["kind"].to(str)
    icon = rx.match(
        kind, *((name, rx.icon(tag, size=18, aria_hidden="true")) for name, tag in _ICONS.items()), rx.fragment()
    )
    return _Toast.create(
        icon,
        rx.el.span(t_message(row["message"]), class_name="toast-text"),
        rx.cond(
            row["undo"] != "",
            button(
                t("Undo"),
                weight="quiet",
                tone="accent",
                on_click=on_undo(identity),
                data_testid=row["undo"].to(str).split(":")[0].to(str) + "-undo",
            ),
        ),
        icon_button(
            "x", t("Dismiss"), size=16, tooltip=False, on_click=on_dismiss(identity), data_testid="toast-dismiss"
        ),
        key=identity,
        kind=kind,
        seconds=rx.cond(kind == "error", 0, 6),
        on_expire=on_dismiss(identity),
    )
