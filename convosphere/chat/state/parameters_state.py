"""How the model is to answer in the conversation that is shown, or in one that is about to begin."""

from contextlib import suppress
from typing import Any

import reflex as rx

from convosphere.assistants.errors import AssistantUnavailableError, DefinitionRefusedError
from convosphere.assistants.schemas import Settings
from convosphere.assistants.state.forms import read_settings
from convosphere.assistants.state.items import setting_texts
from convosphere.chat.parameters import USUAL
from convosphere.chat.service import parameters
from convosphere.chat.state.model_state import ModelState
from convosphere.chat.state.speaker_state import SpeakerState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.authorization import current_actor
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in


class ParametersState(rx.State):
    """What fields hold by their names: `kept` was chosen, `usual` is what the assistant says.

    `problems` are wrong in what was to be kept; `times` counts what was.
    """

    kept: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    usual: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    problems: rx.Field[dict[str, dict[str, Any]]] = rx.field(default_factory=dict)
    times: rx.Field[int] = rx.field(0)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def look(self) -> None:
        """Show what counts where nothing is chosen."""
        self.problems, usual = {}, USUAL
        if assistant_id := (await self.get_state(SpeakerState)).chosen.id:
            with suppress(AssistantUnavailableError):  # Its picker says so.
                usual = await parameters.usual(current_actor(), parse_id(assistant_id))
        self.usual = setting_texts(usual)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def keep(self, form: dict[str, str]) -> None:
        """Let the model answer so from now on."""
        shown = (await self.get_state(TranscriptState)).shown_id
        try:
            chosen = await parameters.choose(
                current_actor(), parse_id(shown) if shown else None, read_settings(form),
                model=(await self.get_state(ModelState)).chosen, before=self._settings(),
            )  # fmt: skip
        except DefinitionRefusedError as refused:
            self.problems = {problem.field: problem.message.as_dict() for problem in reversed(refused.problems)}
            return
        self._take(chosen)
        self.problems = {}
        self.times += 1

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def as_usual(self) -> None:
        """Choose nothing any more."""
        if shown := (await self.get_state(TranscriptState)).shown_id:
            await parameters.reset(current_actor(), parse_id(shown))
        self._take(USUAL)
        self.problems = {}
        self.times += 1

    def _take(self, settings: Settings) -> None:
        self.kept = setting_texts(settings)

    def _settings(self) -> Settings:
        return read_settings(self.kept)
