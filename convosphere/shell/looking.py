"""The bar of whoever looks as somebody else: there as long as they do, and nothing closes it."""

import reflex as rx

from convosphere.shell.state import FrameState
from convosphere.ui import t
from convosphere.ui.buttons import button

LOOK_BACK = "/auth/look-back"
_FORM = "look-back-form"


def looking_bar() -> rx.Component:
    """Says as whom, and leads back."""
    person = FrameState.person
    return rx.cond(
        person.real_name != "",
        rx.el.div(
            rx.icon("eye", size=16, aria_hidden="true"),
            rx.el.span(
                t("You are looking as {name}. Nothing can be changed.", name=person.name), class_name="looking-words"
            ),
            button(
                t("Back to {name}", name=person.real_name), type="button", on_click=_send(), data_testid="look-back"
            ),
            rx.el.form(id=_FORM, method="post", action=LOOK_BACK, hidden=True),
            class_name="looking-bar",
            role="status",
            data_testid="looking-bar",
        ),
    )


def _send() -> rx.vars.FunctionVar:
    # Reflex's forms keep the browser from sending them; `submit` does not ask.
    return rx.Var(f'() => document.getElementById("{_FORM}").submit()').to(rx.vars.FunctionVar)
