"""With an embedding model the documents can still say nothing, and other words for the same are still found."""

import pytest

from convosphere.core.permissions import system_actor
from convosphere.knowledge.search.embedding import embedding_with
from convosphere.knowledge.search.filling import embed_passages
from convosphere.knowledge.search.service import search_passages
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library
from tests.integration.knowledge.search.dense import Chance, Synonyms

PASSAGES = (
    "Vollzeitkräfte haben dreißig Tage Urlaub. Wer im Jahr eintritt, bekommt ihn anteilig.",
    "Das Fahrzeug wird im Hof abgestellt. Der Schlüssel kommt in den Kasten am Empfang.",
    "Das Gehalt kommt am Monatsende. Zuschläge für Nachtarbeit folgen einen Monat später.",
    "Die Kantine öffnet um elf Uhr. Wer vegetarisch isst, bestellt am Vortag.",
    "Besucher melden sich am Empfang an. Sie tragen ihren Ausweis sichtbar.",
)
PARAPHRASES = {"holidays": 1, "Ferien": 1, "Wo parkt ein Auto?": 2, "salary": 3, "Lohn": 3, "lunch": 4}
ELSEWHERE = (
    "Was ist die Hauptstadt der Mongolei?", "How do I tune a guitar?", "Wie backe ich einen Apfelkuchen?",
    "Who wrote Middlemarch?", "Welche Ringe hat Saturn?",
)  # fmt: skip


async def embed(people: People) -> None:
    assert people.ada.workspace_id is not None
    await embed_passages(system_actor(people.ada.workspace_id))


async def test_questions_about_something_else_find_nothing(library: Library, people: People) -> None:
    await library.add(people.ada, *PASSAGES)
    with embedding_with(Synonyms()):
        await embed(people)
        found = {question: await search_passages(people.ada, question) for question in ELSEWHERE}
    assert found == {question: [] for question in ELSEWHERE}


async def test_other_words_for_the_same_are_found(library: Library, people: People) -> None:
    await library.add(people.ada, *PASSAGES)
    by_words = [question for question in PARAPHRASES if await search_passages(people.ada, question)]
    with embedding_with(Synonyms()):
        await embed(people)
        best = {question: await search_passages(people.ada, question, limit=1) for question in PARAPHRASES}
    assert by_words == [], "words alone do not find them"
    assert {question: [hit.number for hit in found] for question, found in best.items()} == {
        question: [number] for question, number in PARAPHRASES.items()
    }


@pytest.mark.parametrize("question", ["Urlaub", "Fahrzeug im Hof", "Was ist die Hauptstadt der Mongolei?", "Ferien"])
async def test_a_useless_model_changes_nothing(library: Library, people: People, question: str) -> None:
    await library.add(people.ada, *PASSAGES)
    alone = await search_passages(people.ada, question)
    model = Chance()
    with embedding_with(model):
        await embed(people)
        asked = len(model.questions)
        assert await search_passages(people.ada, question) == alone
        assert len(model.questions) == asked, "nor is it asked, nor paid"
