"""One's password on the page of one's security."""

import reflex as rx

from convosphere.account.components.factors import SecurityForm
from convosphere.account.state.factor_state import FactorState
from convosphere.identity.components.entry import new_password_field
from convosphere.ui import t
from convosphere.ui.buttons import button
from convosphere.ui.fields import form_section, text_field


def password_section() -> rx.Component:
    """Changes the password, or sets the first one."""
    return form_section(
        t("Password"),
        SecurityForm.create(
            # For the browser's store of passwords, which asks whose it is.
            rx.el.input(
                name="username", auto_complete="username", value=FactorState.email, read_only=True, hidden=True
            ),
            rx.cond(
                FactorState.has_password,
                text_field(
                    t("Current password"),
                    name="current",
                    type="password",
                    required=True,
                    auto_complete="current-password",
                    data_testid="password-current",
                ),
            ),
            new_password_field("password-new", label=t("New password")),
            rx.el.div(button(t("Change password"), weight="primary", type="submit", data_testid="password-save")),
            action="/auth/password",
            told=t("Your password is changed. You are signed out everywhere else."),
            error_test_id="password-error",
            done_test_id="password-done",
        ),
        note=t("All other devices on which you are signed in are signed out."),
    )
