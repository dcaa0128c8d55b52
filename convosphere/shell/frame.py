"""The frame lies around the router, so that it stays as it is when pages change."""

from collections.abc import Callable

import reflex as rx
from reflex.vars import VarData
from reflex_base.utils.imports import ImportVar
from reflex_components_core.base.error_boundary import error_boundary

from convosphere.core.page_routes import (
    ACCOUNT,
    FORGOT,
    RECOVER,
    SECOND_STEP,
    SET_UP,
    SHARED,
    SHARED_DOCUMENTS,
    SIDE,
    SIGN_IN,
    SIGN_UP,
    UNSUBSCRIBE,
    VERIFY,
)
from convosphere.identity.components.passkeys import passkey_way
from convosphere.identity.components.reauthentication import reauthentication_dialog
from convosphere.identity.components.sharing import sharing_dialog
from convosphere.identity.components.watch import session_watch
from convosphere.shell.looking import looking_bar
from convosphere.shell.sidebar import sidebar
from convosphere.shell.slots import FrameSlots
from convosphere.shell.state import FrameState, ToastState
from convosphere.ui import locale_root, t
from convosphere.ui.connection import connection_banner
from convosphere.ui.feedback import error_face
from convosphere.ui.layout import FRAME_MODULE, in_pane
from convosphere.ui.shortcuts import Shortcut, keyboard_help, shortcut_listener
from convosphere.ui.toasts import toast_region

Wrap = Callable[[bool], rx.Component | None]
BARE_ROUTES = (SIGN_IN, SECOND_STEP, SIGN_UP, SET_UP, FORGOT, RECOVER, VERIFY, UNSUBSCRIBE, SHARED, SHARED_DOCUMENTS)


class _SkipLink(rx.Component):
    library = FRAME_MODULE
    tag = "SkipLink"


class _PaneWays(rx.Component):
    library = "$/public/pane.js"
    tag = "PaneWays"


def app_wraps(slots: FrameSlots) -> dict[tuple[int, str], Wrap]:
    """For `rx.App(app_wraps=…, toaster=None)`: takes the place of Reflex's banner, toasts and error page.

    A higher number lies further outside; Radix's theme has 20 and the event loop 90.
    """
    shortcuts = _shortcuts(slots)
    return {
        (15, "Locale"): lambda _stateful: locale_root(),
        (5, "Notices"): lambda _stateful: _notices(slots, shortcuts),
        (4, "Errors"): lambda _stateful: error_boundary(fallback_render=_broken()),
        (3, "Frame"): lambda _stateful: _frame(slots),
        (2, "PageErrors"): lambda _stateful: error_boundary(fallback_render=_broken()),
    }


def head_components() -> list[rx.Component]:
    """For `rx.App(head_components=…)`: the language before the first paint, the mark, colours of the window."""
    return [
        rx.el.script(src="/first_paint.js"),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.meta(name="theme-color", content="#ffffff", custom_attrs={"media": "(prefers-color-scheme: light)"}),
        rx.el.meta(name="theme-color", content="#111113", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
        rx.el.meta(name="color-scheme", content="light dark"),
    ]


def _frame(slots: FrameSlots) -> rx.Component:
    path = rx.Var(
        _js_expr="path",
        _var_type=str,
        _var_data=VarData(imports={FRAME_MODULE: [ImportVar(tag="usePath")]}, hooks={"const path = usePath();": None}),
    )
    is_bare = rx.Var.create(list(BARE_ROUTES)).contains(path)
    return rx.el.div(
        rx.cond(
            is_bare | in_pane(),
            rx.fragment(),
            rx.fragment(_SkipLink.create(t("Skip to the content")), sidebar(slots), looking_bar()),
        ),
        class_name=rx.cond(is_bare, "frame frame-bare", "frame"),
    )


def _notices(slots: FrameSlots, shortcuts: list[Shortcut]) -> rx.Component:
    opener = rx.el.button(
        t("Keyboard"), type="button", tab_index=-1, class_name="visually-hidden", custom_attrs={"data-shortcut": "help"}
    )
    own_keys: rx.vars.ObjectVar[dict[str, str]] = FrameState.person.shortcuts  # pyright: ignore[reportAssignmentType]  # On the class it is a var.
    of_window = rx.fragment(
        connection_banner(),
        session_watch(),
        keyboard_help(shortcuts, own_keys, FrameState.keep_shortcuts, opener),
        *([slots.palette] if slots.palette else []),
    )
    return rx.fragment(
        rx.cond(in_pane(), rx.fragment(), of_window),
        reauthentication_dialog(
            passkey_way(t("Use a passkey"), action="/auth/reauthenticate/passkey", testid="reauth-passkey", proves=True)
        ),
        sharing_dialog(),
        toast_region(ToastState.toasts, ToastState.dismiss, ToastState.undo),
        shortcut_listener(shortcuts, own_keys),
        _PaneWays.create(),
    )


def _broken() -> rx.Component:
    reload = rx.Var("() => window.location.reload()").to(rx.vars.FunctionVar)
    return rx.el.main(
        error_face(
            t("This page has stopped working."),
            t("What you saved is safe. Loading it again usually helps."),
            on_retry=reload,
        ),
        class_name="page-main broken",
    )


def _shortcuts(slots: FrameSlots) -> list[Shortcut]:
    def pressing(act: str, keys: tuple[str, ...], label: rx.Var[str], testid: str, route: str = "") -> Shortcut:
        return Shortcut(keys, label, id=act, selector=f"[data-testid={testid}]", route=route)

    return [
        Shortcut(("mod+k",), t("Commands and search"), id="palette", palette="all"),
        Shortcut(("mod+shift+f",), t("Search in all chats"), id="search", palette="search"),
        pressing("new-chat", ("mod+shift+o",), t("New chat"), "new-chat", slots.new_chat_route),
        pressing("write", ("shift+escape",), t("Write a message"), "chat-input"),
        pressing("stop", ("escape",), t("Stop the answer"), "chat-stop"),
        Shortcut(
            ("mod+shift+c",), t("Copy the last answer"), id="copy-answer",
            selector="[data-role=assistant] [data-testid=message-copy]", is_last=True,
        ),
        Shortcut(
            ("mod+;", "mod+:"), t("Copy the last code"), id="copy-code", selector="[data-testid=code-copy]",
            is_last=True,
        ),
        Shortcut(
            ("mod+shift+l",), t("Read the last answer aloud, or pause"), id="read-aloud",
            selector="[data-testid=message-read]", is_last=True,
        ),
        pressing("pane-add", ("mod+shift+e",), t("New pane beside"), "pane-add", SIDE),
        pressing("pane-next", ("f6",), t("Next pane"), "pane-next"),
        pressing("pane-previous", ("shift+f6",), t("Previous pane"), "pane-previous"),
        pressing("sidebar", ("mod+shift+s",), t("Fold the sidebar"), "sidebar-toggle"),
        Shortcut(("mod+.",), t("My account"), id="settings", route=ACCOUNT),
        Shortcut(("mod+/", "?"), t("Keyboard"), id="help", selector="[data-shortcut=help]"),
        # These belong to the lists themselves and stand here to be read.
        Shortcut(("arrowdown",), t("Go through a list")),
        Shortcut(("shift+arrowdown",), t("Select further rows")),
        Shortcut(("space",), t("Select a row")),
        Shortcut(("x",), t("Select a chat of the list")),
        Shortcut(("escape",), t("Close what lies on top")),
    ]  # fmt: skip
