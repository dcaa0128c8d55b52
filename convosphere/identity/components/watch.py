"""The warning before one is signed out by itself; it lies over all pages."""

import reflex as rx
from reflex.vars import FunctionStringVar, VarData
from reflex_base.utils.imports import ImportVar

from convosphere.identity.state.watch_state import WatchState
from convosphere.ui.buttons import button
from convosphere.ui.i18n import t

_MODULE = "$/public/session.js"


class _SessionWatch(rx.Component):
    library = _MODULE
    tag = "SessionWatch"
    seconds_left: rx.Var[float]
    is_final: rx.Var[bool]
    turn: rx.Var[int]
    on_look: rx.EventHandler[rx.event.no_args_event_spec]
    on_stay: rx.EventHandler[rx.event.no_args_event_spec]


def session_watch() -> rx.Component:
    """Watch the session's time, tell the server what the person does, and warn two minutes before the end."""
    return rx.fragment(
        _SessionWatch.create(
            seconds_left=WatchState.seconds_left,
            is_final=WatchState.is_final,
            turn=WatchState.turn,
            on_look=WatchState.look,
            on_stay=WatchState.stay,
        ),
        rx.alert_dialog.root(
            rx.alert_dialog.content(
                rx.alert_dialog.title(t("Are you still there?"), class_name="dialog-title"),
                rx.alert_dialog.description(
                    t("You will be signed out in {time}. What you have written stays in this browser.", time=_time()),
                    class_name="dialog-text",
                ),
                rx.el.div(
                    button(
                        t("Stay signed in"), weight="primary", on_click=_act("staySignedIn"), data_testid="session-stay"
                    ),
                    class_name="dialog-acts",
                ),
                max_width="440px",
                data_testid="session-warning",
            ),
            open=_time() != "",
        ),
    )


def _time() -> rx.vars.StringVar:
    """What is left while the warning is shown, such as "1:59"; else empty."""
    data = VarData(imports={_MODULE: [ImportVar(tag="useTimeLeft")]}, hooks={"const timeLeft = useTimeLeft();": None})
    return rx.Var(_js_expr="timeLeft", _var_type=str, _var_data=data).to(str)


def _act(name: str) -> FunctionStringVar:
    return FunctionStringVar.create(name, _var_data=VarData(imports={_MODULE: [ImportVar(tag=name)]}))
