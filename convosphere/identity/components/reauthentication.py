"""The dialog that asks who one is before something delicate; it lies over all pages.

A handler or a route raises `ReauthenticationRequiredError` (`service.recent.require_recent`), and nothing else is to be
done: the dialog opens, and what was pressed is pressed again once the person has proved who they are. Scripts that call
routes themselves have `confirmIdentity` of `assets/reauthentication.js`.
"""

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.identity.components.entry import password_field
from convosphere.identity.state.reauthentication_state import ReauthenticationState
from convosphere.ui.buttons import button
from convosphere.ui.dialogs import dialog
from convosphere.ui.i18n import t

_MODULE = "$/public/reauthentication.js"


class _Question(rx.Component):
    library = _MODULE
    tag = "Question"
    asked: rx.Var[bool]
    on_settle: rx.EventHandler[rx.event.no_args_event_spec]


class _ProofForm(rx.Component):
    library = _MODULE
    tag = "ProofForm"
    action: rx.Var[str]
    offline: rx.Var[str]
    again: rx.Var[str]


def reauthentication_dialog(*other_ways: rx.Component) -> rx.Component:
    """Ask for the password or a one-time code; `other_ways` to prove oneself stand below it."""
    form = _ProofForm.create(
        password_field("reauth", label=t("Password, or the six figures of your app")),
        button(t("Confirm"), weight="primary", type="submit", size="3", width="100%", data_testid="reauth-submit"),
        *other_ways,
        action="/auth/reauthenticate",
        offline=t("The server does not answer. Please try again in a moment."),
        again=t("Thank you. Please do once more what you were about to do."),
    )
    return rx.fragment(
        _Question.create(asked=ReauthenticationState.is_asked, on_settle=ReauthenticationState.settle),
        dialog(
            t("Is it you?"),
            rx.el.p(t("This change is delicate. Please confirm that it is you."), class_name="dialog-text"),
            form,
            open=_is_open(),
            on_open_change=_withdraw(),
        ),
    )


def _is_open() -> rx.Var[bool]:
    data = VarData(imports={_MODULE: [ImportVar(tag="useIsAsked")]}, hooks={"const isProofAsked = useIsAsked();": None})
    return rx.Var(_js_expr="isProofAsked", _var_type=bool, _var_data=data)


def _withdraw() -> FunctionStringVar:
    return FunctionStringVar.create("withdraw", _var_data=VarData(imports={_MODULE: [ImportVar(tag="withdraw")]}))
