"""The composer with its row of tools."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from convosphere.chat.attachments import IMAGE_ENDINGS
from convosphere.chat.components.budget_line import budget_line
from convosphere.chat.components.composer_words import (
    commands,
    kinds_of_offers,
    too_long,
    words_of_files,
    words_of_prompts,
)
from convosphere.chat.components.gauge import gauge
from convosphere.chat.components.models import current_model, model_picker
from convosphere.chat.components.module import Composer, place
from convosphere.chat.components.parameters import settings_offer
from convosphere.chat.components.speakers import speaker_picker
from convosphere.chat.errors import LONGEST_MESSAGE
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.company_state import CompanyState
from convosphere.chat.state.context_state import ContextState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.chat.state.model_state import ModelState
from convosphere.chat.state.shared_state import SharedState
from convosphere.chat.state.start_state import StartState
from convosphere.chat.state.trigger_state import TriggerState
from convosphere.core.permissions import Permission
from convosphere.knowledge.parsing.kinds import ATTACHABLE
from convosphere.knowledge.service import uploads
from convosphere.shell.sidebar import person_may
from convosphere.ui.i18n import t


def composer(is_here: rx.Var[bool]) -> rx.Component:
    """Enter sends, Shift and Enter begin a new line; while an answer is written, Send is Stop.

    `is_here`: the conversation of the address is the one that is shown; until then a question waits. That of a new one
    waits for its page as well, which takes whom the address or the workspace lets answer.
    """
    return rx.el.div(
        budget_line(),
        Composer.create(
            speaker_picker(),
            model_picker(),
            settings_offer(),
            gauge(),
            longest=LONGEST_MESSAGE,
            ready=is_here & ((place() != "") | rx.State.is_hydrated),
            busy=AnswerState.message_id != "",
            stopping=AnswerState.is_stopping,
            offline=has_connection_errors,
            receipt=ConversationState.receipt,
            labels={
                "field": t("Write a message"),
                "send": t("Send"),
                "queue": t("Send after this answer (Ctrl Enter: stop it and send now)"),
                "stop": t("Stop"),
                "tooLong": too_long(),
                **words_of_files(),
                **words_of_prompts(),
            },
            offer=TriggerState.offer,
            taken=TriggerState.taken,
            kinds=kinds_of_offers(),
            commands=commands(),
            can_attach=person_may(Permission.DOCUMENT_WRITE),
            most_bytes=uploads.most_bytes(),
            endings=sorted({*ATTACHABLE, *IMAGE_ENDINGS}),
            models=ModelState.models,
            model=current_model(),
            on_look_up=TriggerState.look_up,
            on_take_prompt=TriggerState.take_prompt,
            on_start_template=StartState.start,
            on_choose_model=[ModelState.choose, ContextState.measure],
            together=SharedState.access.is_shared,
            on_write=CompanyState.write,
            on_send=ConversationState.send,
            on_stop=AnswerState.stop,
        ),
        class_name="composer-place",
    )
