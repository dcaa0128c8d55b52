"""Home: where one comes in, begins a conversation, and sees what waits."""

import reflex as rx

from convosphere.home.components.asking import greeting
from convosphere.home.components.sections import sections
from convosphere.ui import t
from convosphere.ui.layout import page, page_header


def home_page() -> rx.Component:
    """A box to ask in, then what the person wants next."""
    return page(page_header(t("Home")), rx.el.div(greeting(), sections(), class_name="home"))
