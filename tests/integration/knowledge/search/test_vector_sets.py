"""A change of the embedding model: the old vectors serve until the new ones are complete."""

import pytest
from structlog.testing import capture_logs

from convosphere.core.errors import UnavailableError
from convosphere.knowledge.search.embedding import embedding_with
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.search.status import SearchStatus, SearchWay, read_search_status
from convosphere.llm.schemas import EmbeddingModel
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library
from tests.integration.knowledge.search.ideas import Ideas, embed, sets_of

NEXT = EmbeddingModel("other", "test", 4, "other")
MANY = ["Geld und Lohn"] * 60 + ["Urlaub im Sommer"] * 10


def after_switch(breaks_after: int = 1_000) -> Ideas:
    """The next model is connected, and the one before can still be reached."""
    return Ideas(NEXT, earlier=("ideas",), breaks_after=breaks_after)


async def find(people: People, question: str) -> set[str]:
    return {hit.text for hit in await search_passages(people.ada, question)}


async def test_the_old_vectors_serve_while_the_new_ones_are_made(library: Library, people: People) -> None:
    await library.add(people.ada, *MANY)
    with embedding_with(Ideas()):
        await embed(people.ada)
    model = after_switch(breaks_after=64)
    with embedding_with(model):
        assert await find(people, "holiday") == {"Urlaub im Sommer"}, "before the job began"
        with pytest.raises(UnavailableError):
            await embed(people.ada)
        model.breaks_after = 1_000
        assert await sets_of(people.ada) == [("ideas", True), ("other", False)]
        assert await find(people, "holiday") == {"Urlaub im Sommer"}, "half way"
        assert set(model.asked) == {"ideas"}
        await embed(people.ada)
        assert await sets_of(people.ada) == [("other", True)]
        model.asked.clear()
        assert await find(people, "holiday") == {"Urlaub im Sommer"}, "after the switch"
        assert model.asked == ["other"]


async def test_without_the_old_model_words_serve_meanwhile(library: Library, people: People) -> None:
    await library.add(people.ada, *MANY)
    with embedding_with(Ideas()):
        await embed(people.ada)
    with embedding_with(Ideas(NEXT)):
        with capture_logs() as logs:
            assert await find(people, "holiday") == set()
            assert await find(people, "Urlaub") == {"Urlaub im Sommer"}
        assert {(entry["event"], entry["model"]) for entry in logs} == {("question_not_embedded", "ideas")}
        await embed(people.ada)
        assert await find(people, "holiday") == {"Urlaub im Sommer"}


async def test_documents_that_come_meanwhile_go_into_both_sets(library: Library, people: People) -> None:
    await library.add(people.ada, *MANY)
    with embedding_with(Ideas()):
        await embed(people.ada)
    model = after_switch(breaks_after=64)
    with embedding_with(model):
        with pytest.raises(UnavailableError):
            await embed(people.ada)
        await library.add(people.ada, "Das Fahrzeug steht im Hof.")
        model.breaks_after = len(model.texts) + 1
        with pytest.raises(UnavailableError):
            await embed(people.ada)
        model.breaks_after = 1_000
        assert await sets_of(people.ada) == [("ideas", True), ("other", False)]
        assert model.sources[-1] == "ideas"
        assert await find(people, "an auto") == {"Das Fahrzeug steht im Hof."}
        await embed(people.ada)
        assert await sets_of(people.ada) == [("other", True)]
        assert await find(people, "an auto") == {"Das Fahrzeug steht im Hof."}


async def test_switching_back_half_way_keeps_what_there_was(library: Library, people: People) -> None:
    await library.add(people.ada, *MANY)
    with embedding_with(Ideas()):
        await embed(people.ada)
    with embedding_with(after_switch(breaks_after=64)), pytest.raises(UnavailableError):
        await embed(people.ada)
    again = Ideas(breaks_after=0)
    with embedding_with(again):
        await embed(people.ada)
        assert await sets_of(people.ada) == [("ideas", True)]
        again.breaks_after = 1_000
        assert await find(people, "holiday") == {"Urlaub im Sommer"}
        assert again.texts == []


async def test_a_third_model_half_way_drops_the_second(library: Library, people: People) -> None:
    await library.add(people.ada, *MANY)
    with embedding_with(Ideas()):
        await embed(people.ada)
    with embedding_with(after_switch(breaks_after=64)), pytest.raises(UnavailableError):
        await embed(people.ada)
    third = Ideas(EmbeddingModel("the-third", "test", 4, "the-third"), earlier=("ideas",), breaks_after=64)
    with embedding_with(third), pytest.raises(UnavailableError):
        await embed(people.ada)
    assert await sets_of(people.ada) == [("ideas", True), ("the-third", False)]


async def test_a_model_of_another_dimension_makes_a_set_of_its_own(library: Library, people: People) -> None:
    await library.add(people.ada, *MANY)
    with embedding_with(Ideas()):
        await embed(people.ada)
    longer = Longer(EmbeddingModel("ideas", "test", None, "ideas"))
    with embedding_with(longer):
        assert await find(people, "Urlaub") == {"Urlaub im Sommer"}, "by words"
        await embed(people.ada)
        assert await sets_of(people.ada) == [("ideas", True)]
        assert await find(people, "holiday") == {"Urlaub im Sommer"}


async def test_the_page_says_how_search_goes(library: Library, people: People) -> None:
    await library.add(people.ada, *MANY)
    assert await read_search_status(people.ada) == SearchStatus(SearchWay.WORDS)
    with embedding_with(Ideas(breaks_after=64)):
        with pytest.raises(UnavailableError):
            await embed(people.ada)
        assert await read_search_status(people.ada) == SearchStatus(SearchWay.FIRST, "ideas", "", 64, 70)
    with embedding_with(Ideas()):
        await embed(people.ada)
        assert await read_search_status(people.ada) == SearchStatus(SearchWay.MEANING, "ideas", "", 70, 70)
        await library.add(people.ada, "Lohn")
        assert await read_search_status(people.ada) == SearchStatus(SearchWay.FILLING, "ideas", "", 70, 71)
    with embedding_with(after_switch(breaks_after=64)):
        with pytest.raises(UnavailableError):
            await embed(people.ada)
        assert await read_search_status(people.ada) == SearchStatus(SearchWay.REPLACED, "other", "ideas", 64, 71)
        assert await find(people, "Urlaub"), "which the model does not embed now"
        assert (await read_search_status(people.ada)).way == SearchWay.REPLACED_BY_WORDS


class Longer(Ideas):
    """The same name, but another server with longer vectors behind it."""

    async def embed(self, *given: object, **named: object) -> list[list[float]]:
        return [[*vector, 0.0] for vector in await super().embed(*given, **named)]  # pyright: ignore[reportArgumentType]
