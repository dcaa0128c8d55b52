"""The panel that a citation opens."""

import reflex as rx

from convosphere.chat.state.passage_state import PassageState
from convosphere.core.page_routes import document_at, document_versions
from convosphere.ui.feedback import notice
from convosphere.ui.i18n import format_full_day, relative_time, t, t_message
from convosphere.ui.layout import side_panel
from convosphere.ui.passage import passage


def passage_panel(is_here: rx.Var[bool]) -> rx.Component:
    """The very passage, highlighted, with what stands around it; `is_here`: its conversation is the one shown."""
    cited = PassageState
    return side_panel(
        cited.document_name,
        rx.el.p(
            rx.cond(
                cited.whereabouts.length() > 0,
                rx.el.span(t_message(cited.whereabouts), " · ", data_testid="passage-whereabouts"),
            ),
            rx.cond(cited.dated_on != "", rx.el.span(_age(), " · ", data_testid="passage-age"), rx.fragment()),
            rx.link(
                t("Open the document"),
                href=document_at(cited.document_id, cited.place),  # pyright: ignore[reportArgumentType]
                data_testid="passage-open",
            ),
            class_name="quiet",
        ),
        rx.cond(
            cited.review_due_on != "",
            notice(
                t(
                    "Nobody has reviewed this document since it was due, on {day}.",
                    day=format_full_day(cited.review_due_on),
                ),
                icon="calendar-clock",
                data_testid="passage-review",
            ),
        ),
        _newer(),
        passage(cited.before, marked=cited.highlighted, after=cited.after, is_markdown=cited.is_markdown),
        is_open=cited.is_open & is_here,
        on_close=PassageState.close,
        testid="passage-panel",
    )


def _age() -> rx.Component:
    """The day that the document is from, and how long ago that is."""
    day = PassageState.dated_on
    return rx.el.time(t("from {day}", day=format_full_day(day)), " (", relative_time(day), ")", date_time=day)


def _newer() -> rx.Component:
    """What has become of the passage since it was cited."""
    newer = PassageState.newer
    differs = t("The document has a newer version, which differs here.")
    same = t("The document has a newer version; this passage is unchanged in it.")
    link = rx.link(t("Show the versions"), href=document_versions(PassageState.document_id))  # pyright: ignore[reportArgumentType]
    return rx.fragment(
        rx.match(
            newer,
            ("differs", notice(differs, link, data_testid="passage-newer", data_newer=newer)),
            ("same", notice(same, link, tone="neutral", icon="history", data_testid="passage-newer", data_newer=newer)),
            rx.fragment(),
        )
    )
