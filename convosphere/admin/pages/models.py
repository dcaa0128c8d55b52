"""The page of providers and models."""

import reflex as rx

from convosphere.admin.components.frame import admin_frame, no_access
from convosphere.admin.components.model_panel import model_panel
from convosphere.admin.components.models import default_choices, model_list
from convosphere.admin.components.providers import add_provider_button, provider_list
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui import t
from convosphere.ui.fields import form_section


def models_page() -> rx.Component:
    """Providers, what is offered of them, and which model does what."""
    content = rx.fragment(
        form_section(t("Providers"), provider_list()),
        model_list(),
        default_choices(),
    )
    return admin_frame(
        rx.cond(person_may(Permission.MODEL_MANAGE), content, no_access()),
        act=rx.cond(person_may(Permission.MODEL_MANAGE), add_provider_button()),
        panel=model_panel(),
    )
