"""Having a picture made for the assistant that is edited."""

import reflex as rx

from convosphere.assistants.components.face import face
from convosphere.assistants.service.drawing import LONGEST_WISH
from convosphere.assistants.state.drawing_state import AssistantDrawingState
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.feedback import spinner
from convosphere.ui.fields import text_field
from convosphere.ui.i18n import format_money, t, t_message

Drawing = AssistantDrawingState
SIZE = 128


def drawing_button() -> rx.Component:
    """Where somebody makes pictures."""
    opening = button(t("Have one made"), icon="wand-sparkles", on_click=Drawing.open, data_testid="drawing-open")
    return rx.cond(Drawing.model != "", opening)


def drawing_dialog() -> rx.Component:
    """What it should show, and what came of it. It stands outside of the editor's form: it is one of its own."""
    wish = rx.el.textarea(
        id="drawing-wish", name="drawing-wish", default_value=Drawing.wish, rows=3, max_length=LONGEST_WISH,
        class_name="text-area", dir="auto", required=True, data_testid="drawing-wish",
    )  # fmt: skip
    price = t("one costs {price}", price=format_money(Drawing.cost, Drawing.currency))
    made_by = rx.el.p(
        t("Made by {model}", model=Drawing.model), rx.cond(Drawing.cost >= 0, rx.fragment(", ", price)), ".",
        class_name="quiet",
    )  # fmt: skip
    waiting = rx.el.p(spinner(), " ", t("This can take a minute."), role="status", class_name="quiet")
    drawn = rx.el.div(face(Drawing.icon, "gray", SIZE), class_name="drawing-shown", data_testid="drawing-shown")
    return dialog(
        t("Have a picture made"),
        rx.el.form(
            text_field(t("What should it show?"), name="drawing-wish", control=wish),
            made_by,
            rx.cond(Drawing.icon != "", drawn),
            rx.el.p(t_message(Drawing.error), class_name="field-error", role="alert", data_testid="drawing-error"),
            rx.cond(Drawing.is_drawing, waiting),
            _acts(),
            on_submit=Drawing.draw,
            class_name="form-column",
        ),
        open=Drawing.is_open,
        on_open_change=Drawing.close,
    )  # fmt: skip


def _acts() -> rx.Component:
    has_one = Drawing.icon != ""
    first = button(
        t("Make it"), weight="primary", type="submit", disabled=Drawing.is_drawing, data_testid="drawing-make"
    )
    another = button(t("Make another one"), type="submit", disabled=Drawing.is_drawing, data_testid="drawing-make")
    use = button(t("Use it"), weight="primary", type="button", on_click=Drawing.take, data_testid="drawing-take")
    return rx.el.div(rx.cond(has_one, rx.fragment(another, use), first), class_name="dialog-acts")
