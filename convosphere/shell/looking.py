"""The bar of whoever looks as somebody else: there as long as they do, and nothing closes it."""

import reflex as rx

from convosphere.shell.state import FrameState
from convosphere.ui import t
from convosphere.ui.buttons import button

LOOK_BACK = "/auth/look-back"


def looking_bar() -> rx.Component:
    """Says as whom, and leads back; a plain form, so that it works without scripts."""
    person = FrameState.person
    return rx.cond(
        person.real_name != "",
        rx.el.div(
            rx.icon("eye", size=16, aria_hidden="true"),
            rx.el.span(
                t("You are looking as {name}. Nothing can be changed.", name=person.name), class_name="looking-words"
            ),
            rx.el.form(
                button(t("Back to {name}", name=person.real_name), type="submit", data_testid="look-back"),
                method="post",
                action=LOOK_BACK,
                custom_attrs={"reloadDocument": True},
            ),
            class_name="looking-bar",
            role="status",
            data_testid="looking-bar",
        ),
    )
