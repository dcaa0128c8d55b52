"""The box in which a conversation begins, and what else one may want to begin."""

import reflex as rx

from convosphere.core.page_routes import ASSISTANTS, CHAT, KNOWLEDGE, NEW_ASSISTANT, NEW_PROMPT
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.shell.state import FrameState
from convosphere.ui import t
from convosphere.ui.buttons import Text


class _AskBox(rx.Component):
    """Takes a question along into a new conversation, see `assets/home.js`."""

    library = "$/public/home.js"
    tag = "AskBox"
    label: rx.Var[str]
    send_label: rx.Var[str]
    to: rx.Var[str]


def greeting() -> rx.Component:
    """Who is there, a box to ask in, and acts."""
    name = FrameState.person.name
    return rx.el.div(
        rx.el.h2(
            rx.cond(name != "", t("Good to see you, {name}", name=name), t("Good to see you")), class_name="home-hello"
        ),
        rx.cond(
            person_may(Permission.CONVERSATION_WRITE) & (FrameState.person.real_name == ""),
            _AskBox.create(label=t("Ask something"), send_label=t("Begin the conversation"), to=CHAT),
        ),
        rx.el.nav(
            _act(t("Upload documents"), "upload", KNOWLEDGE, "upload", Permission.DOCUMENT_WRITE),
            _act(t("New assistant"), "bot", NEW_ASSISTANT, "assistant", Permission.ASSISTANT_WRITE),
            _act(t("New prompt"), "text-quote", NEW_PROMPT, "prompt", Permission.PROMPT_WRITE),
            _act(t("Look for an assistant"), "search", ASSISTANTS, "assistants", Permission.ASSISTANT_READ),
            class_name="home-acts",
            aria_label=t("Begin with"),
        ),
        class_name="home-greeting",
    )


def _act(label: Text, icon: str, route: str, name: str, permission: Permission) -> rx.Component:
    return rx.cond(
        person_may(permission),
        rx.link(
            rx.icon(icon, size=16, aria_hidden="true"),
            label,
            href=route,
            underline="none",
            class_name="home-act",
            data_testid=f"home-act-{name}",
        ),
    )
