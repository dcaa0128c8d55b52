"""Pages that belong together: their names beside the content, above it on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from convosphere.ui.buttons import Text
from convosphere.ui.layout import active_path, page, page_header


@dataclass(frozen=True)
class Section:
    """One of them. With `is_shown` only some see the line; the page checks for itself."""

    label: Text
    icon: str
    route: str
    testid: str
    is_shown: rx.Var[bool] | None = None


def section_page(
    title: Text,
    sections: Sequence[Section],
    *content: rx.Component,
    act: rx.Component | None = None,
    panel: rx.Component | None = None,
    **props: Any,
) -> rx.Component:
    """A page of a group, with the ways to the others."""
    ways = rx.el.nav(*map(_line, sections), class_name="sections-nav", aria_label=title)
    body = rx.el.div(*content, **{"class_name": "sections-content", **props})
    return page(page_header(title, act), rx.el.div(ways, body, class_name="sections"), panel=panel)


def _line(section: Section) -> rx.Component:
    path = active_path()
    is_here = (path == section.route) | path.startswith(f"{section.route}/")
    if not section.route.count("/") > 1:
        is_here = path == section.route
    line = rx.link(
        rx.icon(section.icon, size=16, aria_hidden="true"),
        section.label,
        href=section.route,
        underline="none",
        class_name="sections-line",
        aria_current=rx.cond(is_here, "page", "false"),
        data_testid=section.testid,
    )
    return line if section.is_shown is None else rx.cond(section.is_shown, line)
