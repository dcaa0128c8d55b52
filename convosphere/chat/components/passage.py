"""The panel that a citation opens."""

import reflex as rx

from convosphere.chat.state.passage_state import PassageState
from convosphere.core.page_routes import document_at
from convosphere.ui.i18n import t
from convosphere.ui.layout import side_panel
from convosphere.ui.passage import passage


def passage_panel(is_here: rx.Var[bool]) -> rx.Component:
    """The very passage, highlighted, with what stands around it; `is_here`: its conversation is the one shown."""
    cited = PassageState
    return side_panel(
        cited.document_name,
        rx.el.p(
            rx.cond(cited.page > 0, rx.el.span(t("Page {page}", page=cited.page), " · "), rx.fragment()),
            rx.link(
                t("Open the document"),
                href=document_at(cited.document_id, cited.place),  # pyright: ignore[reportArgumentType]
                data_testid="passage-open",
            ),
            class_name="quiet",
        ),
        passage(cited.before, marked=cited.highlighted, after=cited.after, is_markdown=cited.is_markdown),
        is_open=cited.is_open & is_here,
        on_close=PassageState.close,
        testid="passage-panel",
    )
