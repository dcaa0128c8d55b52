"""The panel with a page, drawing or document that an answer has made."""

import reflex as rx

from convosphere.chat.components.module import Artifact
from convosphere.chat.state.artifact_state import ArtifactState
from convosphere.ui.buttons import icon_button
from convosphere.ui.i18n import t
from convosphere.ui.layout import side_panel
from convosphere.ui.markdown import markdown_labels


def artifact_panel(is_here: rx.Var[bool]) -> rx.Component:
    """What was made, beside the chat; `is_here`: its conversation is the one shown."""
    shown = ArtifactState
    kind = rx.match(shown.kind, ("svg", t("Drawing")), ("document", t("Document")), t("Page"))
    title = rx.cond(shown.title != "", shown.title, kind)
    labels = {**markdown_labels(), "code": t("Code"), "view": t("View")}
    return side_panel(
        title,  # pyright: ignore[reportArgumentType]  # On vars it is a text.
        rx.cond(shown.versions > 1, _versions()),
        Artifact.create(address=shown.address, text=shown.text, kind=shown.kind, title=title, labels=labels),
        is_open=shown.is_open & is_here,
        on_close=ArtifactState.close,
        testid="artifact-panel",
    )


def _versions() -> rx.Component:
    shown = ArtifactState
    place = t("Version {number} of {count}", number=shown.version, count=shown.versions)
    return rx.el.div(
        icon_button(
            "chevron-left",
            t("Earlier version"),
            on_click=ArtifactState.turn(-1),
            disabled=shown.version <= 1,
            data_testid="artifact-earlier",
        ),
        rx.el.span(place, role="status", data_testid="artifact-version"),
        icon_button(
            "chevron-right",
            t("Later version"),
            on_click=ArtifactState.turn(1),
            disabled=shown.version >= shown.versions,
            data_testid="artifact-later",
        ),
        class_name="artifact-versions",
    )
