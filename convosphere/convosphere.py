"""Composition root of the web app: pages, routes and what runs beside them."""

import reflex as rx


def index() -> rx.Component:
    """The first page."""
    return rx.container(rx.heading("ConvoSphere", data_testid="title"))


app = rx.App()
app.add_page(index, route="/", title="ConvoSphere")
