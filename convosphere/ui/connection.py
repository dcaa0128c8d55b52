"""What the page says while the server cannot be reached."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from convosphere.ui.i18n import t


class _ConnectionNotice(rx.Component):
    library = "$/public/connection.js"
    tag = "ConnectionNotice"
    connection: rx.Var[str]
    database: rx.Var[str]


def connection_banner() -> rx.Component:
    """A calm line at the top; a style delays it, so that a short gap is not worth a word."""
    return rx.el.div(
        rx.cond(
            has_connection_errors,
            rx.el.div(
                rx.el.span(class_name="spinner", aria_hidden="true"),
                _ConnectionNotice.create(
                    connection=t("The connection is lost. Trying again; what you see stays here."),
                    database=t("The database is away. What you see and write stays here; it goes on by itself."),
                ),
                class_name="connection-banner",
                data_testid="connection-banner",
            ),
        ),
        role="status",
    )
