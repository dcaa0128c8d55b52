"""What came with messages, as one model or another reads it."""

from convosphere.answers.attached import LEFT_OUT, for_model
from convosphere.answers.context import Room, build_prompt
from convosphere.answers.schemas import NOTHING, AttachedText, Brief
from convosphere.core.identifiers import new_id
from convosphere.knowledge.places.schemas import Places
from convosphere.llm.images import ImagePart
from convosphere.llm.schemas import ChatMessage, Model

SEEING = Model("see", "See", "p", capabilities=frozenset({"vision"}))
BLIND = Model("blind", "Blind", "p")
READER = Model("reader", "Reader", "p", is_reader=True)
OWL = ImagePart("owl.png", "image/jpeg", b"x", 300)


def brief(**given: object) -> Brief:
    return Brief("Which?", (), "", "en", knowledge=NOTHING, **given)  # pyright: ignore[reportArgumentType]


def test_a_model_that_sees_gets_images_and_pays_for_them() -> None:
    seen = for_model(brief(images=(OWL,)), SEEING)
    prompt = build_prompt(seen, (), Room(10_000, 1_000))
    assert prompt.messages[-1].images == (OWL,)
    assert prompt.use.question >= OWL.tokens


def test_a_model_that_sees_none_is_told_what_was_there() -> None:
    history = (ChatMessage("user", "Before", images=(OWL,)),)
    told = for_model(Brief("Which?", history, "", "en", knowledge=NOTHING, images=(OWL,)), BLIND)
    messages = build_prompt(told, (), Room(10_000, 1_000)).messages
    assert not any(message.images for message in messages)
    assert all("owl.png" in message.text and "cannot see" in message.text for message in messages[1:])
    assert told.question.endswith("Which?")


def test_documents_stand_before_the_question_and_are_cut_to_fit() -> None:
    short, long = AttachedText("a.md", "Owls hoot."), AttachedText("b.md", "word " * 50_000)
    prompt = build_prompt(brief(attached=(short, long)), (), Room(4_000, 1_000))
    text = prompt.messages[-1].text
    assert text.index("Owls hoot.") < text.index("word word") < text.index(LEFT_OUT) < text.index("Which?")
    assert prompt.use.question < 4_000
    whole = build_prompt(brief(attached=(short,)), (), Room(4_000, 1_000)).messages[-1].text
    assert LEFT_OUT not in whole


def test_the_reader_searches_what_others_read_whole() -> None:
    whole, searched = new_id(), new_id()
    given = brief(
        read_whole=(whole,), searched_first=Places((searched,)), attached=(AttachedText("a", "b"),), images=(OWL,)
    )
    read = for_model(given, READER)
    assert (read.searched_first, read.attached, read.images) == (Places((searched, whole)), (), ())
    assert read.has_passages
