"""Buttons that use a passkey."""

import reflex as rx

from convosphere.ui.buttons import Text, button
from convosphere.ui.i18n import t


class _PasskeyWay(rx.Component):
    """Shown only where the browser has passkeys, see `assets/passkeys.js`."""

    library = "$/public/passkeys.js"
    tag = "PasskeyWay"
    options_action: rx.Var[str]
    action: rx.Var[str]
    proves: rx.Var[bool]
    words: rx.Var[dict[str, str]]
    error_test_id: rx.Var[str]


def passkey_way(label: Text, *, action: str, testid: str, proves: bool = False) -> rx.Component:
    """Sign in by passkey through the route `action`, or answer the question who one is."""
    return _PasskeyWay.create(
        button(label, icon="key-round", size="3", width="100%", data_testid=testid),
        options_action=f"{action}/options",
        action=action,
        proves=proves,
        words=passkey_words(),
        error_test_id=f"{testid}-error",
    )


def passkey_words() -> rx.Var:
    """What the browser's part says when something goes wrong there."""
    return rx.Var.create(
        {
            "cancelled": t("No passkey was used. You can try again."),
            "impossible": t("This browser has no passkeys on this page. They need https, or the address localhost."),
            "offline": t("The server does not answer. Please try again in a moment."),
        }
    )
