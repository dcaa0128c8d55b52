"""Who is to answer: the picker of the composer."""

import reflex as rx

from convosphere.assistants.components.face import face
from convosphere.assistants.state.items import ChoiceItem
from convosphere.chat.components.module import Picker
from convosphere.chat.state.context_state import ContextState
from convosphere.chat.state.speaker_state import SpeakerState
from convosphere.core.page_routes import ASSISTANTS
from convosphere.core.permissions import Permission
from convosphere.shell.sidebar import person_may
from convosphere.ui.fields import search_field
from convosphere.ui.i18n import t
from convosphere.ui.lists import ChoiceList

Choice = rx.vars.ObjectVar[ChoiceItem]
Speakers = SpeakerState
SEARCH_DELAY = 150


def speaker_picker() -> rx.Component:
    """A button with the name of whoever answers; it opens a list with a search, all by keys as well."""
    chosen = Speakers.chosen
    is_gone = (chosen.id != "") & (chosen.name == "")
    name = rx.cond(is_gone, t("Not available"), rx.cond(chosen.id != "", chosen.name, t("Assistant")))
    opener = rx.el.button(
        rx.cond(chosen.name != "", face(chosen.icon, chosen.color, 20), rx.icon("bot", size=16, aria_hidden="true")),
        rx.el.span(name, class_name="model-name"),
        rx.icon("chevron-down", size=14, aria_hidden="true"),
        type="button",
        class_name="model-button speaker-button",
        aria_label=t("Assistant: {name}", name=rx.cond(chosen.id != "", name, t("none"))),
        data_testid="chat-assistant",
        data_assistant_id=chosen.id,
    )
    picker = Picker.create(opener, _offer(), class_name="speaker-offer", on_open=Speakers.look_up(""))
    return rx.cond(person_may(Permission.ASSISTANT_READ), picker)


def _offer() -> rx.Component:
    nobody = rx.el.button(
        rx.icon("circle-off", size=16, aria_hidden="true"),
        rx.el.span(t("No assistant")),
        type="button",
        class_name="choice-line",
        on_click=[Speakers.choose(""), ContextState.measure],
        data_testid="assistant-none",
    )
    return ChoiceList.create(
        search_field(
            t("Search assistants"), on_change=Speakers.look_up.debounce(SEARCH_DELAY), data_testid="assistant-search"
        ),
        rx.el.div(
            rx.cond(Speakers.chosen.id != "", nobody),
            rx.foreach(Speakers.found, _line),
            rx.cond(
                Speakers.lack != "", rx.el.p(_lack(), class_name="quiet", role="status", data_testid="assistant-lack")
            ),
            class_name="choice-lines",
        ),
        rx.link(t("All assistants"), href=ASSISTANTS, class_name="choice-line choice-more"),
        label=t("Assistants"),
    )


def _lack() -> rx.Var[str]:
    none = t("There is no assistant yet that you can ask. The gallery and your own are under “All assistants”.")
    return rx.cond(Speakers.lack == "any", none, t("No assistant is called that."))


def _line(item: Choice) -> rx.Component:
    return rx.el.button(
        face(item.icon, item.color, 28),
        rx.el.span(
            rx.el.span(item.name, class_name="choice-name", dir="auto"),
            rx.el.span(item.description, class_name="quiet choice-note", dir="auto"),
            class_name="choice-words",
        ),
        rx.cond(item.is_favourite, rx.icon("star", size=14, aria_label=t("Favourite"), class_name="choice-star")),
        type="button",
        class_name="choice-line",
        aria_current=rx.cond(Speakers.chosen.id == item.id, "true", "false"),
        on_click=[Speakers.choose(item.id), ContextState.measure],
        data_testid="assistant-option",
        data_assistant_id=item.id,
    )
