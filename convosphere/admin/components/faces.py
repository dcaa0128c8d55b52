"""People in lists: face, name, address."""

import reflex as rx

from convosphere.admin.state.people_items import PersonItem
from convosphere.core.page_routes import person
from convosphere.ui.avatars import avatar


def face_and_name(item: rx.vars.ObjectVar[PersonItem]) -> rx.Component:
    """Leads to the person."""
    return rx.el.div(
        avatar(item.initials, item.avatar),  # pyright: ignore[reportArgumentType]
        rx.el.div(
            rx.link(
                item.name, href=person(item.id), class_name="document-name", dir="auto",  # pyright: ignore[reportArgumentType]
                color_scheme="gray", high_contrast=True, underline="hover", data_testid="person-open",
            ),
            rx.el.span(item.email, class_name="quiet person-email"),
            class_name="person-words-column",
        ),
        class_name="person-face",
    )  # fmt: skip
