"""What of a growing answer travels at each look."""

from convosphere.answers.schemas import Source
from convosphere.chat.markup import LONGEST_BLOCK
from convosphere.chat.service.watching import Look
from convosphere.chat.state.growing import LONGEST_TIP, GrowingAnswer
from convosphere.core.i18n import Message
from convosphere.core.identifiers import new_id

CODE = "Some words before.\n\n```python\n" + "".join(f"value_{number} = {number}\n" for number in range(1_500)) + "```"


def grow(text: str, step: int) -> tuple[dict[str, object], int]:
    """The vars as a tab holds them at the end, and the characters that travelled, looking after each step."""
    growing = GrowingAnswer("m")
    shown: dict[str, object] = {"chapters": [], "blocks": [], "tail": "", "tip": ""}
    sent = 0
    for look, end in enumerate(range(step, len(text) + step, step)):
        changes = growing.take(Look(text[:end]))
        sent += sum(len("".join(value)) for value in changes.values() if isinstance(value, (str, list)))
        shown |= changes
        if look % 50 == 0:
            assert words(shown) == text[:end].replace("\n", "")
    assert words(shown) == text.replace("\n", "")
    return shown, sent


def words(shown: dict[str, object]) -> str:
    """What is shown, without the ends of lines, and without the fences between pieces of one block of code."""
    texts = [*shown["chapters"], *shown["blocks"], f"{shown['tail']}{shown['tip']}"]  # pyright: ignore
    return "".join(texts).replace("```" + "```python\n", "").replace("\n", "")


def test_a_long_block_does_not_travel_whole_at_each_look() -> None:
    shown, sent = grow(CODE, 40)
    assert len(shown["chapters"]) + len(shown["blocks"]) > 3  # pyright: ignore[reportArgumentType]
    assert len(CODE) > 20 * LONGEST_TIP
    whole_each_time = len(CODE) ** 2 / 40 / 2
    assert sent < whole_each_time / 10


def test_the_first_words_are_the_tail_and_what_follows_the_tip() -> None:
    growing = GrowingAnswer("m")
    assert growing.take(Look("The")) == {"tail": "The"}
    assert growing.take(Look("The plan")) == {"tip": " plan"}
    assert growing.take(Look("The plan")) == {}


def test_with_a_new_tail_the_tip_begins_anew() -> None:
    growing = GrowingAnswer("m")
    growing.take(Look("A"))
    assert growing.take(Look("Ab")) == {"tip": "b"}
    assert growing.take(Look("Ab\n\nC")) == {"blocks": ["Ab"], "tail": "C", "tip": ""}
    assert growing.take(Look("Ab\n\nC" + "d" * LONGEST_TIP)) == {"tip": "d" * LONGEST_TIP}
    assert growing.take(Look("Ab\n\nC" + "d" * LONGEST_TIP + "e")) == {"tail": "C" + "d" * LONGEST_TIP + "e", "tip": ""}


def test_a_mark_that_becomes_one_later_changes_the_tail() -> None:
    """`[1` is text, `[1]` a citation where something can be cited, of which nothing is left if it is unknown."""
    growing, sources = GrowingAnswer("m"), (Source(2, new_id(), new_id(), "plan.md", 0, 9, None),)
    assert growing.take(Look("So [1", sources=sources))["tail"] == "So [1"
    assert growing.take(Look("So [1] it is", sources=sources)) == {"tail": "So  it is"}
    assert growing.take(Look("So [1] it is [2", sources=sources)) == {"tip": " [2"}
    assert growing.take(Look("So [1] it is [2]", sources=sources)) == {"tip": " [2](#cite-m-2)"}


def test_thoughts_travel_by_their_tip_and_say_how_long_they_took() -> None:
    growing = GrowingAnswer("m")
    assert growing.take(Look("", thinking="First", thinking_ms=10))["thinking"] == {"text": "First", "seconds": -1}
    assert growing.take(Look("", thinking="First, then", thinking_ms=20)) == {"thought_tip": ", then"}
    changes = growing.take(Look("So", thinking="First, then", thinking_ms=2_100))
    assert changes == {"thinking": {"text": "First", "seconds": 2}, "tail": "So"}
    long = "First, then" + "x" * LONGEST_TIP
    assert growing.take(Look("So", thinking=long, thinking_ms=2_100))["thought_tip"] == ""
    assert GrowingAnswer("m").take(Look("So", elapsed_ms=5_400))["thinking"] == {
        "text": "", "seconds": -1, "elapsed": 5,
    }  # fmt: skip


def test_a_place_in_line_comes_and_goes() -> None:
    growing, place = GrowingAnswer("m"), Message("number {place} in line", {"place": 2})
    assert growing.take(Look("", waiting=place)) == {"waiting": place.as_dict()}
    assert growing.take(Look("", waiting=place)) == {}
    assert growing.take(Look("")) == {"waiting": {}}


def test_an_answer_of_a_million_characters_travels_a_bounded_number_of_times() -> None:
    block = "Words of one paragraph of the answer. " * 52
    text = "\n\n".join([block.strip()] * 500)
    shown, sent = grow(text, len(block))
    assert len(text) > 900_000
    assert len(shown["chapters"]) > 100  # pyright: ignore[reportArgumentType]
    assert sent < 40 * len(text)


def test_a_line_without_an_end_is_cut_while_it_grows() -> None:
    shown, sent = grow("word " * 40_000, 1_000)
    texts = [*shown["chapters"], *shown["blocks"], shown["tail"]]  # pyright: ignore
    assert max(map(len, texts)) <= LONGEST_BLOCK
    assert sent < 20 * 200_000
