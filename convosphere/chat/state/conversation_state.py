"""What a person does with the conversation that is shown."""

from contextlib import suppress
from functools import partial
from typing import TypedDict
from uuid import UUID

import reflex as rx

from convosphere.chat.attachments import chosen_files
from convosphere.chat.company import rest
from convosphere.chat.errors import AnswerRunningError
from convosphere.chat.parameters import USUAL
from convosphere.chat.schemas import ConversationPage, QueuedQuestion, Sent
from convosphere.chat.service import answering, context, conversations, queueing
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.artifact_state import ArtifactState
from convosphere.chat.state.budget_state import BudgetState
from convosphere.chat.state.context_state import ContextState
from convosphere.chat.state.follow_up_state import FollowUpState
from convosphere.chat.state.life_state import LifeState
from convosphere.chat.state.model_state import ModelState
from convosphere.chat.state.parameters_state import ParametersState
from convosphere.chat.state.passage_state import PassageState
from convosphere.chat.state.queue_state import QueueState
from convosphere.chat.state.shared_state import SharedState
from convosphere.chat.state.speaker_state import SpeakerState
from convosphere.chat.state.start_state import StartState
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.chat.state.trigger_state import TriggerState
from convosphere.chat.state.welcome_state import WelcomeState
from convosphere.core.authorization import current_actor
from convosphere.core.errors import ExpectedError, NotFoundError, UnavailableError
from convosphere.core.identifiers import parse_id
from convosphere.core.page_routes import CHAT
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.shell.state import show_toast
from convosphere.usage.errors import BudgetUsedUpError

Events = list[rx.event.EventType[()]]


class _Chosen(TypedDict):
    """Who is to answer."""

    model: str
    assistant_id: UUID | None


class _Place(TypedDict):
    """Where a question goes: into a conversation, or into a new one, perhaps of a folder or a temporary one."""

    conversation_id: UUID | None
    folder_id: UUID | None
    is_temporary: bool


class ConversationState(rx.State):
    """Opening, asking and asking again."""

    receipt: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    _just_begun: tuple[str, str] = ("", "")

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def open(self) -> Events:
        """Show the conversation that the address names, or an empty one."""
        wanted = self.router.url.path.removeprefix(CHAT).strip("/")
        transcript = await self.get_state(TranscriptState)
        (socket, just_begun), self._just_begun = self._just_begun, ("", "")
        if wanted and wanted == just_begun == transcript.shown_id and socket == self.router.session.session_id:
            # The address follows a question that was just sent; all of it is shown already, unless the page is new.
            return []
        await _forget(self, wanted)
        if wanted:
            found = self.router.url.query_parameters.get("message", "")
            return [ModelState.load, *await self._load(wanted, found), ContextState.measure, BudgetState.load]
        (await self.get_state(SharedState))._take()
        if transcript.shown_id:  # A reload of a new one forgets nothing.
            (await self.get_state(ParametersState))._take(USUAL)
        asked_for = self.router.url.query_parameters
        await (await self.get_state(SpeakerState))._begin(asked_for.get("assistant", ""))
        await (await self.get_state(ModelState))._prefer(asked_for.get("model", ""))
        transcript._show_nothing()
        await (await self.get_state(LifeState))._begin(is_wanted=_wants_temporary(self))
        (await self.get_state(QueueState)).items = []
        prompt, question = asked_for.get("prompt", ""), asked_for.get("again", "")
        taken = [TriggerState.take_prompt(prompt)] if prompt else []
        taken += [TriggerState.take_question(question)] if question else []
        return [ModelState.load, WelcomeState.load, StartState.load, ContextState.measure, BudgetState.load, *taken]

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def catch_up(self) -> Events:
        """Show what another tab has asked or continued here, or that the conversation was deleted, or brought back."""
        transcript, answer = await self.get_state(TranscriptState), await self.get_state(AnswerState)
        if transcript.is_missing:
            return await self._load(transcript.shown_id)
        if answer.message_id or transcript.has_later or not transcript.shown_id:
            return []
        shown, last = parse_id(transcript.shown_id), transcript._last_whole_id()
        above = parse_id(last) if last else None
        try:
            page = await conversations.get_conversation(current_actor(), shown, above=above)
        except NotFoundError:
            await let_go(self, transcript.shown_id)
            return []
        (await self.get_state(SharedState))._take(page.access)
        (await self.get_state(ParametersState))._take(page.parameters)
        if not page.messages or transcript._ends_with(page.messages):
            return []
        transcript._show_after(page, last)
        (await self.get_state(FollowUpState))._show(page.messages)
        return watch_last(page)

    @rx.event
    @way_in(Permission.CONVERSATION_READ)
    async def show_latest(self) -> Events:
        """Show the end again after reading far back."""
        return await self._load((await self.get_state(TranscriptState)).shown_id)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def send(
        self, text: str, key: str, conversation_id: str = "", is_urgent: bool = False,
        files: list[dict[str, str]] | None = None,
    ) -> Events:  # fmt: skip
        """Ask in a conversation, or in a new one without; the receipt tells the composer what became of the key.

        While an answer is written, a question waits for its end, and an urgent one stops it.
        """
        to = _place_of(self, conversation_id)
        settings = (await self.get_state(ParametersState))._settings()
        ask = partial(queueing.ask, client_key=parse_id(key), is_urgent=is_urgent, settings=settings, **to)
        try:
            sent = await ask(current_actor(), text, files=chosen_files(files), **await self._chosen())
        except ExpectedError as error:
            self.receipt = {"key": key, "state": "refused"}
            await self._tell(error)
            return []
        self.receipt = {"key": key, "state": "taken", "conversation": str(sent.conversation_id)}
        rest(current_actor(), sent.conversation_id)
        # The tab may show another conversation by now, and then only the list tells of the answer.
        if (await self.get_state(TranscriptState)).shown_id != conversation_id:
            return []
        return [QueueState.load] if isinstance(sent, QueuedQuestion) else await self._show_sent(sent)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def retry(self, message_id: str, model: str = "") -> Events:
        """Answer a question anew, also by another model; what was answered before stays beside it."""
        return await self._retry(message_id, model)

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def decide(self, message_id: str, when_full: str) -> Events:
        """Say what becomes of a conversation that is too long, and ask for its answer anew."""
        shown = (await self.get_state(TranscriptState)).shown_id
        await context.choose(current_actor(), parse_id(shown), when_full)
        return [*await self._retry(message_id), ContextState.measure]

    @rx.event
    @way_in(Permission.CONVERSATION_WRITE)
    async def resume(self, message_id: str) -> Events:
        """Go on with an answer that is not whole."""
        model = await (await self.get_state(ModelState))._answering()
        try:
            sent = await answering.resume(current_actor(), parse_id(message_id), model=model)
        except BudgetUsedUpError as error:
            await self._tell(error, message_id)
            return []
        return await self._show_anew(sent)

    async def _load(self, wanted: str, found: str = "") -> Events:
        transcript = await self.get_state(TranscriptState)
        try:
            page = await _page(parse_id(wanted), found)
        except NotFoundError:
            transcript._show_nothing(missing=wanted)
            return []
        except UnavailableError as error:
            if wanted == transcript.shown_id:
                raise  # What is shown stays.
            transcript._show_nothing(failed=wanted, why=error.message)
            return []
        transcript._show(page)
        transcript.has_later = page.has_later
        (await self.get_state(SharedState))._take(page.access)
        (await self.get_state(FollowUpState))._show(page.messages)
        (await self.get_state(ModelState)).chosen = page.model
        (await self.get_state(ParametersState))._take(page.parameters)
        await (await self.get_state(SpeakerState))._continue(str(page.assistant_id or ""))
        kept = await (await self.get_state(LifeState))._show(wanted, is_temporary=page.is_temporary)
        return [*watch_last(page), QueueState.load, *kept]

    async def _retry(self, message_id: str, model: str = "") -> Events:
        chosen = await self._chosen()
        if model:
            chosen["model"] = model
        try:
            sent = await answering.retry(current_actor(), parse_id(message_id), **chosen)
        except BudgetUsedUpError as error:
            await self._tell(error, message_id)
            return []
        except AnswerRunningError:
            if (await self.get_state(TranscriptState))._has(message_id):
                raise
            return []  # The second of two clicks.
        return await self._show_anew(sent)

    async def _tell(self, error: ExpectedError, again: str = "") -> None:
        """Say why nothing was asked: where a budget is in the way, beside the composer with the way on."""
        if isinstance(error, BudgetUsedUpError):
            (await self.get_state(BudgetState))._refuse(error, again)
        else:
            await show_toast(self, "error", error.message)

    async def _chosen(self) -> _Chosen:
        assistant_id = (await self.get_state(SpeakerState)).chosen.id
        return _Chosen(
            model=await (await self.get_state(ModelState))._answering(),
            assistant_id=parse_id(assistant_id) if assistant_id else None,
        )

    async def _show_sent(self, sent: Sent) -> Events:
        transcript = await self.get_state(TranscriptState)
        if sent.is_new_conversation:
            transcript.shown_id, transcript.title = str(sent.conversation_id), sent.title
            self._just_begun = (self.router.session.session_id, transcript.shown_id)
            kept = await (await self.get_state(LifeState))._show(transcript.shown_id, is_temporary=sent.is_temporary)
            transcript._add(sent.question)
            return [*await self._show_anew(sent), *kept]
        if transcript.has_later:
            (await self.get_state(BudgetState))._warn(sent.warning)
            return await self._load(transcript.shown_id)
        transcript._add(sent.question)
        return await self._show_anew(sent)

    async def _show_anew(self, sent: Sent) -> Events:
        """Watch the answer to a question that is shown, in place of whatever stands below that."""
        (await self.get_state(BudgetState))._warn(sent.warning)
        (await self.get_state(TranscriptState))._cut_after(str(sent.question.id))
        (await self.get_state(FollowUpState))._show(())
        return [AnswerState.watch(str(sent.answer.id), str(sent.conversation_id))]


async def let_go(state: rx.State, conversation_id: str) -> None:
    """Show nothing of a conversation any more that was deleted, or is shared with the person no more."""
    transcript = await state.get_state(TranscriptState)
    if transcript.shown_id == conversation_id:
        transcript._lose(conversation_id)
        await _forget(state)
        (await state.get_state(SharedState))._take()


async def _forget(state: rx.State, wanted: str = "") -> None:
    """Let go of what stands around the messages of a conversation; who comes back to it finds its passage open."""
    await (await state.get_state(AnswerState))._begin("")
    if not wanted or wanted != (await state.get_state(TranscriptState)).shown_id:
        (await state.get_state(PassageState))._forget()
    (await state.get_state(FollowUpState))._show(())
    (await state.get_state(ArtifactState))._forget()


def watch_last(page: ConversationPage) -> Events:
    """Watch the answer that is being written, if one is."""
    writing = [str(message.id) for message in page.messages if message.status == "streaming"]
    return [AnswerState.watch(message_id, str(page.id)) for message_id in writing[-1:]]


async def _page(wanted: UUID, found: str) -> ConversationPage:
    """The end of a conversation, or what is around a message that was found in it."""
    if found:
        with suppress(NotFoundError):
            return await conversations.get_around(current_actor(), wanted, parse_id(found))
    return await conversations.get_conversation(current_actor(), wanted)


def _place_of(state: rx.State, conversation_id: str) -> _Place:
    """Where a question goes that was written in a conversation, or in none yet."""
    place = parse_id(conversation_id) if conversation_id else None
    return _Place(
        conversation_id=place,
        folder_id=_folder(state, place),
        is_temporary=place is None and _wants_temporary(state),
    )


def _folder(state: rx.State, asked_in: UUID | None) -> UUID | None:
    """The folder in which the address begins a new conversation."""
    wanted = state.router.url.query_parameters.get("folder", "")
    return parse_id(wanted) if wanted and not asked_in else None


def _wants_temporary(state: rx.State) -> bool:
    """Whether the address begins a conversation that is not kept."""
    return state.router.url.query_parameters.get("temporary", "") == "1"
