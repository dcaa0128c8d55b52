"""The button that lets an administrator look as somebody; it asks before who one is."""

import reflex as rx

from convosphere.core.page_routes import CHAT
from convosphere.ui.buttons import button
from convosphere.ui.i18n import t


class _LookButton(rx.Component):
    library = "$/public/looking.js"
    tag = "LookButton"
    person: rx.Var[str]
    next: rx.Var[str]
    offline: rx.Var[str]


def look_button(person_id: rx.Var[str]) -> rx.Component:
    """Look as this person; where it is refused, it says why."""
    return _LookButton.create(
        button(t("Look as this person"), icon="eye", data_testid="look-as"),
        person=person_id,
        next=CHAT,
        offline=t("The server does not answer. Please try again in a moment."),
    )
