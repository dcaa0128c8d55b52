"""Questions that stop everything else."""

from typing import Any

import reflex as rx

from convosphere.ui.buttons import Text, button
from convosphere.ui.fields import LEAVING_MODULE
from convosphere.ui.i18n import t


class _WrittenDialog(rx.Component):
    """See `assets/leaving.js`."""

    library = LEAVING_MODULE
    tag = "WrittenDialog"
    open: rx.Var[bool]
    words: rx.Var[str]
    on_open_change: rx.EventHandler[rx.event.passthrough_event_spec(bool)]


def confirm_dialog(
    title: Text,
    loss: Text,
    *,
    confirm_label: Text,
    on_confirm: rx.event.EventType[()],
    trigger: rx.Component | None = None,
    confirm_testid: str = "confirm",
    **root_props: Any,
) -> rx.Component:
    """Ask before something is lost. `loss` names it; the button says what it does.

    Opens from `trigger`, or by `open` and `on_open_change` among `root_props`.
    """
    return rx.alert_dialog.root(
        *([rx.alert_dialog.trigger(trigger)] if trigger else []),
        rx.alert_dialog.content(
            rx.alert_dialog.title(title, class_name="dialog-title"),
            rx.alert_dialog.description(loss, class_name="dialog-text"),
            rx.el.div(
                rx.alert_dialog.cancel(button(t("Cancel"))),
                rx.alert_dialog.action(
                    button(confirm_label, weight="primary", tone="bad", on_click=on_confirm, data_testid=confirm_testid)
                ),
                class_name="dialog-acts",
            ),
            max_width="440px",
        ),
        **root_props,
    )


def dialog(
    title: Text, *children: rx.Component, trigger: rx.Component | None = None, **root_props: Any
) -> rx.Component:
    """A dialog with a title and a way to close it."""
    return rx.dialog.root(
        *([rx.dialog.trigger(trigger)] if trigger else []),
        _content(title, *children),
        **root_props,
    )


def written_dialog(title: Text, form: rx.Component, **root_props: Any) -> rx.Component:
    """The same with a form, which asks before what was written in it is lost; opens by `open` and `on_open_change`."""
    words = t("What you wrote is not saved yet. Close this all the same?")
    return _WrittenDialog.create(_content(title, form), words=words, **root_props)


def _content(title: Text, *children: rx.Component) -> rx.Component:
    return rx.dialog.content(
        rx.el.div(
            rx.dialog.title(title, class_name="dialog-title"),
            rx.dialog.close(
                rx.icon_button(
                    rx.icon("x", size=18, aria_hidden="true"),
                    aria_label=t("Close"),
                    variant="ghost",
                    color_scheme="gray",
                    type="button",
                    class_name="icon-button",
                )
            ),
            class_name="dialog-head",
        ),
        *children,
        max_width="520px",
        aria_describedby=rx.Var("undefined"),
    )
