"""The prompt: what it holds, in which order, and what it leaves out."""

from dataclasses import replace

import pytest

from convosphere.answers.context import (
    INSTRUCTIONS,
    NO_PASSAGES,
    PASSAGES,
    Room,
    build_prompt,
    room_for,
    select_passages,
    system_text,
)
from convosphere.answers.errors import ContextFullError
from convosphere.answers.schemas import NOTHING, Brief, CitationPolicy, WhenFull
from convosphere.llm.schemas import ChatMessage, Model, Parameters, Passage

BRIEF = Brief("How long is the notice?", (), "m", "en")
ROOM = Room(prompt=1_000, answer=100)


def words(text: str) -> int:
    return len(text.split())


def passage(number: int, length: int = 5) -> Passage:
    return Passage(number, "Handbook.pdf", 3, " ".join(["word"] * length), "en", 1.0)


def talk(turns: int, length: int = 50) -> tuple[ChatMessage, ...]:
    said = " ".join(["said"] * length)
    return tuple(
        message for _ in range(turns) for message in (ChatMessage("user", said), ChatMessage("assistant", said))
    )


def test_what_changes_comes_last_so_that_a_provider_remembers_the_rest() -> None:
    first = build_prompt(replace(BRIEF, history=talk(2)), [passage(1)], ROOM, words)
    following = replace(BRIEF, history=(*talk(2), *talk(1)), question="And in Berlin?")
    second = build_prompt(following, [passage(1, 9)], ROOM, words)
    beginning = [(message.role, message.text) for message in first.messages[:-1]]
    assert [(message.role, message.text) for message in second.messages[: len(beginning)]] == beginning
    lasting = [message.text for message in second.messages if message.is_lasting]
    assert lasting == [second.messages[0].text, second.messages[-2].text]
    assert first.messages[-1].text.startswith("[1] Handbook.pdf, page 3:\nword")
    assert first.messages[-1].text.endswith(f"\n\n{BRIEF.question}")


def test_roles_take_turns() -> None:
    brief = replace(BRIEF, history=talk(3), summary="Earlier.", text_so_far="Six")
    roles = [message.role for message in build_prompt(brief, [passage(1)], ROOM, words).messages]
    assert roles == ["system", *["user", "assistant"] * 4, "user"]


def test_the_oldest_go_many_at_once_and_a_question_comes_first() -> None:
    prompt = build_prompt(replace(BRIEF, history=talk(20)), [], ROOM, words)
    assert prompt.left_out > 0
    assert prompt.messages[1].role == "user"
    assert prompt.use.history <= 0.6 * ROOM.prompt
    # The next question need not lose any.
    kept = replace(BRIEF, history=(*talk(20)[prompt.left_out :], *talk(1)))
    assert build_prompt(kept, [], ROOM, words).left_out == 0


def test_all_parts_together_stay_below_the_limit() -> None:
    use = build_prompt(replace(BRIEF, history=talk(20), summary="It was said."), [passage(1)], ROOM, words).use
    assert use.limit == ROOM.prompt + ROOM.answer
    assert use.instructions + use.passages + use.history + use.question + use.answer <= use.limit


def test_somebody_who_wants_to_be_asked_is_asked() -> None:
    brief = replace(BRIEF, history=talk(20), when_full=WhenFull.ASK)
    with pytest.raises(ContextFullError):
        build_prompt(brief, [], ROOM, words)
    assert build_prompt(replace(brief, history=talk(2)), [], ROOM, words).left_out == 0


@pytest.mark.parametrize("policy", list(CitationPolicy))
def test_each_policy_says_something_else(policy: CitationPolicy) -> None:
    others = {system_text(replace(BRIEF, citations=other)) for other in CitationPolicy if other is not policy}
    assert system_text(replace(BRIEF, citations=policy)) not in others


def test_without_knowledge_nothing_is_said_of_passages() -> None:
    prompt = build_prompt(replace(BRIEF, knowledge=NOTHING), [], ROOM, words)
    assert [message.text for message in prompt.messages] == [INSTRUCTIONS, BRIEF.question]
    assert prompt.use.passages == 0


def test_without_a_passage_only_who_may_answer_freely_is_not_told() -> None:
    assert NO_PASSAGES in build_prompt(BRIEF, [], ROOM, words).messages[-1].text
    free = replace(BRIEF, citations=CitationPolicy.FREE)
    assert build_prompt(free, [], ROOM, words).messages[-1].text == BRIEF.question


def test_an_assistant_speaks_with_its_own_words() -> None:
    text = system_text(replace(BRIEF, instructions="You are a pirate."))
    assert text.startswith("You are a pirate.")
    assert INSTRUCTIONS not in text
    assert PASSAGES in text


@pytest.mark.parametrize(
    ("model", "most", "wanted"),
    [
        (Model("m", "m", "p"), None, Room(6_000, 2_000)),
        (Model("m", "m", "p", context_tokens=16_000), None, Room(12_000, 4_000)),
        (Model("m", "m", "p", context_tokens=16_000), 1_000, Room(15_000, 1_000)),
        (Model("m", "m", "p", context_tokens=16_000), 99_000, Room(8_000, 8_000)),
        (Model("m", "m", "p", context_tokens=200_000), None, Room(100_000, 8_192)),
        (Model("m", "m", "p", context_tokens=200_000, output_tokens=4_096), None, Room(100_000, 4_096)),
    ],
)
def test_the_room_is_the_models(model: Model, most: int | None, wanted: Room) -> None:
    assert room_for(model, replace(BRIEF, parameters=Parameters(max_tokens=most))) == wanted


def test_passages_take_half_at_most() -> None:
    selected = select_passages([passage(number, 100) for number in range(1, 9)], ROOM.prompt, words)
    assert [each.number for each in selected] == [1, 2, 3, 4]
