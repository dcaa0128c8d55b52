"""What a question finds, by its words."""

import pytest

from convosphere.core.permissions import Actor
from convosphere.knowledge.search import vocabulary
from convosphere.knowledge.search.service import MOST_FOUND, search_passages
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library

GERMAN = (
    "Die Kündigungsfrist beträgt nach der Probezeit sechs Wochen zum Quartalsende.",
    "Der Urlaubsantrag wird vier Wochen vorher gestellt. Die Führungskraft entscheidet.",
    "Die Häuser in der Straße werden jährlich gestrichen.",
    "Hotelkosten werden bis 120 Euro je Nacht erstattet.",
    "Der Defibrillator hängt neben dem Haupteingang im Erdgeschoss.",
    "Die Prüfung der Rechnungen dauert höchstens zehn Tage.",
)
ENGLISH = (
    "Employees are entitled to twenty-eight days of annual leave.",
    "Expense claims are submitted within thirty days with receipts.",
    "The extinguisher is beside the main entrance on the ground floor.",
    "Laptops are replaced every four years by the help desk.",
)


@pytest.fixture
async def reader(library: Library, people: People) -> Actor:
    await library.add(people.ada, *GERMAN, heading="Handbuch › Regeln")
    await library.add(people.ada, *ENGLISH, language="en")
    return people.ada


async def first(actor: Actor, query: str) -> str:
    found = await search_passages(actor, query)
    return found[0].text if found else ""


@pytest.mark.parametrize(
    ("query", "number"),
    [
        pytest.param("Wie lang ist die Kündigungsfrist?", 0, id="word"),
        pytest.param("Kündigungsfristen", 0, id="plural"),
        pytest.param("Kuendigungsfrist", 0, id="umlaut written out"),
        pytest.param("KÜNDIGUNGSFRIST", 0, id="capitals"),
        pytest.param("Kündigunsfrist", 0, id="misspelt"),
        pytest.param("Haus", 2, id="umlaut in the plural"),
        pytest.param("Strasse", 2, id="sharp s"),
        pytest.param("Antrag auf Urlaub", 1, id="parts asked, compound written"),
        pytest.param("Rechnungsprüfung", 5, id="compound asked, parts written"),
        pytest.param("Hotel für eine Nacht", 3, id="beginning of a compound"),
        pytest.param("Wo hängt der Defibrilator?", 4, id="question, misspelt"),
    ],
)
async def test_german_words(reader: Actor, query: str, number: int) -> None:
    assert await first(reader, query) == GERMAN[number]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        pytest.param("How many days of leave?", 0, id="question"),
        pytest.param("employee entitlement", 0, id="derived forms"),
        pytest.param("submitting an expense claim", 1, id="inflected"),
        pytest.param("replacement of a laptop", 3, id="noun of a verb"),
        pytest.param("Where is the exstinguisher?", 2, id="misspelt"),
    ],
)
async def test_english_words(reader: Actor, query: str, number: int) -> None:
    assert await first(reader, query) == ENGLISH[number]


@pytest.mark.parametrize(
    "query",
    [
        "Was ist die Hauptstadt der Mongolei?",
        "Wie backe ich einen Apfelkuchen?",
        "What is the capital of Mongolia?",
        "How does a nuclear reactor work?",
        "",
        "???",
        "und oder aber",
    ],
)
async def test_what_the_documents_do_not_say_finds_nothing(reader: Actor, query: str) -> None:
    assert await search_passages(reader, query) == []


async def test_phrases_in_quotes_must_occur(library: Library, people: People) -> None:
    exact = await library.add(people.ada, "Das Ende der Frist wird schriftlich mitgeteilt.")
    await library.add(people.ada, "Eine Frist ohne Ende ist keine Frist, deren wir gedenken.")
    for query in ('"Ende der Frist"', "„Ende der Frist“", "Wann ist das »Ende der Frist« erreicht?"):
        assert [hit.document_id for hit in await search_passages(people.ada, query)] == [exact.document_id]
    assert len(await search_passages(people.ada, "Ende der Frist")) == 2
    assert await search_passages(people.ada, '"Ende Frist"') == []


async def test_a_heading_is_searched_but_is_no_part_of_a_phrase(library: Library, people: People) -> None:
    await library.add(people.ada, "Zwei Wochen lang zum Monatsende.", heading="Probezeit")
    (hit,) = await search_passages(people.ada, "Probezeit")
    assert (hit.heading, hit.matched_words) == ("Probezeit", ())
    assert await search_passages(people.ada, '"Monatsende Probezeit"') == []


async def test_a_found_passage_says_where_it_stands(reader: Actor) -> None:
    (hit, *_) = await search_passages(reader, "Wie lang ist die Kündigungsfrist nach der Probezeit?")
    assert (hit.number, hit.page, hit.start, hit.end) == (1, 1, 0, len(GERMAN[0]))
    assert (hit.document_name, hit.heading, hit.language) == ("Handbuch.pdf", "Handbuch › Regeln", "de")
    assert hit.matched_words == ("Kündigungsfrist", "Probezeit")
    assert hit.raw_score > 0


async def test_scores_fall_between_one_and_zero(reader: Actor) -> None:
    scores = [hit.score for hit in await search_passages(reader, "Wochen Probezeit Führungskraft")]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


async def test_the_limit_holds(library: Library, people: People) -> None:
    await library.add(people.ada, *[f"Kantine {number}" for number in range(MOST_FOUND + 20)])
    assert len(await search_passages(people.ada, "Kantine", limit=3)) == 3
    assert len(await search_passages(people.ada, "Kantine", limit=10_000)) == MOST_FOUND


async def test_a_pasted_page_is_a_question_like_any(reader: Actor) -> None:
    assert await first(reader, " ".join(GERMAN) * 200)


async def test_new_words_are_corrected_at_once(reader: Actor, library: Library, people: People) -> None:
    assert await search_passages(reader, "Photovoltaikanlge") == []
    await library.add(people.ada, "Die Photovoltaikanlage liefert Strom.")
    (hit,) = await search_passages(reader, "Photovoltaikanlge")
    assert hit.matched_words == ("Photovoltaikanlage",)


async def test_one_small_document_answers(library: Library, people: People) -> None:
    await library.add(
        people.ada,
        "Vollzeitbeschäftigte haben 30 Urlaubstage im Jahr.",
        "Der Urlaub wird vier Wochen vorher beantragt.",
        "Nicht genommener Urlaub verfällt im März.",
    )
    assert (await first(people.ada, "Wie viele Urlaubstage stehen mir zu?")).startswith("Vollzeit")
    assert (await first(people.ada, "Wann verfällt mein Urlaub?")).startswith("Nicht")
    assert await first(people.ada, "Wer ist der Präsident von Frankreich?") == ""


async def test_a_large_vocabulary_rests_and_new_words_are_found_all_the_same(
    library: Library, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or each question would wait for it while many files are read."""
    monkeypatch.setattr(vocabulary, "_FEW_TERMS", 0)
    monkeypatch.setattr(vocabulary, "_REST", 1_000_000)
    await library.add(people.ada, GERMAN[0])
    assert await first(people.ada, "Kündigunsfrist") == GERMAN[0]
    await library.add(people.ada, GERMAN[4])
    assert await first(people.ada, "Defibrillator") == GERMAN[4]
    assert await first(people.ada, "Defibrilator") == "", "Its correction comes when the vocabulary is read again."
