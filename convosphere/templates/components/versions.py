"""The panel of what a template was."""

import reflex as rx

from convosphere.creations.components.versions import restore_button, version_panel, version_row
from convosphere.templates.state.editor_state import TemplateState
from convosphere.templates.state.items import VersionItem
from convosphere.ui.i18n import tn

Shown = TemplateState


def history_panel() -> rx.Component:
    """What each version said, and the way back to it."""
    return version_panel(
        rx.foreach(Shown.versions, _version), is_open=Shown.versions.length() > 0, on_close=Shown.close_history
    )


def _version(item: rx.vars.ObjectVar[VersionItem]) -> rx.Component:
    restore = rx.el.div(restore_button(Shown.restore_version(item.number)), class_name="acts")
    facts = rx.el.p(
        tn("{count} document", "{count} documents", item.documents),
        " · ",
        tn("{count} first question", "{count} first questions", item.exchanges),
        rx.cond(
            item.settings.to(int) > 0,
            rx.fragment(" · ", tn("{count} setting of the model", "{count} settings of the model", item.settings)),
        ),
        class_name="quiet version-facts",
    )
    return version_row(
        item,
        rx.el.p(item.name, dir="auto"),
        rx.cond(item.instructions != "", rx.el.pre(item.instructions, class_name="prompt-version-text", dir="auto")),
        facts,
        rx.cond(item.is_current, rx.fragment(), restore),
    )
