"""The dialog that says for whom an assistant answers where nobody chose."""

import reflex as rx

from convosphere.assistants.state.default_state import AssistantDefaultsState, DefaultItem
from convosphere.assistants.state.editor_state import AssistantState
from convosphere.ui.dialogs import dialog
from convosphere.ui.i18n import t

Defaults = AssistantDefaultsState


def default_dialog() -> rx.Component:
    """Opened by `AssistantDefaultsState.open`."""
    return dialog(
        t("Where “{name}” answers first", name=AssistantState.shown.name),
        rx.el.p(
            t("It answers new conversations unless another one is chosen. One's own choice counts before a group's, "
              "and that before the workspace's."),
            class_name="quiet",
        ),
        rx.el.ul(rx.foreach(Defaults.rows, _row), class_name="default-rows"),
        open=Defaults.is_open,
        on_open_change=Defaults.close,
    )  # fmt: skip


def _row(item: rx.vars.ObjectVar[DefaultItem]) -> rx.Component:
    label = rx.match(
        item.type,
        ("person", t("My new conversations")),
        ("workspace", t("Everybody in the workspace")),
        t("Group {name}", name=item.name),
    )
    return rx.el.li(
        rx.el.label(
            rx.checkbox(
                checked=item.is_set,
                on_change=lambda is_set: Defaults.choose(item.type, item.id, is_set),  # pyright: ignore[reportArgumentType]
                data_testid="assistant-default",
                data_for=item.type,
            ),
            label,
            class_name="rights-check",
        )
    )
