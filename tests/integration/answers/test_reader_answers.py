"""The Reader answers what the search finds, by whichever words it found it."""

from contextlib import aclosing

import pytest

from convosphere.answers.schemas import Brief, SourcesFound
from convosphere.answers.service import answer
from convosphere.core.permissions import Actor
from convosphere.llm.gateway import Gateway
from convosphere.llm.schemas import TextPiece
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library

GERMAN = (
    "Die Kündigungsfrist beträgt sechs Wochen zum Quartalsende. Sie gilt für beide Seiten.",
    "Urlaub wird im Portal unter „Zeiten“ beantragt. Der Antrag muss vier Wochen vorher im Portal sein.",
    "Die Freigabe von Ausgaben erteilt die Buchhaltung. Belege werden zehn Jahre lang aufgehoben.",
    "Der Defibrillator hängt neben dem Haupteingang im Erdgeschoss. Er wird jährlich geprüft.",
)
ENGLISH = (
    "The extinguisher is beside the main entrance on the ground floor. It is checked every year.",
    "Laptops are replaced every four years by the help desk. Old ones are recycled.",
)


@pytest.fixture
async def ada(library: Library, people: People) -> Actor:
    await library.add(people.ada, *GERMAN)
    await library.add(people.ada, *ENGLISH, language="en")
    return people.ada


async def ask(actor: Actor, gateway: Gateway, question: str) -> str:
    """The Reader's answer, after the search found something."""
    async with aclosing(answer(actor, Brief(question, (), "", "de"), gateway)) as stream:
        events = [event async for event in stream]
    assert isinstance(events[0], SourcesFound), "the search found nothing"
    return "".join(event.text for event in events if isinstance(event, TextPiece))


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        pytest.param(
            "Wie lange ist die Kündigungsfirst?", "Die Kündigungsfrist beträgt sechs Wochen zum Quartalsende. [1]",
            id="German, misspelt",
        ),
        pytest.param(
            "Wo hängt der Defibrilator?", "Der Defibrillator hängt neben dem Haupteingang im Erdgeschoss. [1]",
            id="German, a letter missing",
        ),
        pytest.param(
            "Wo stelle ich einen Urlaubsantrag?", "Urlaub wird im Portal unter „Zeiten“ beantragt. [1]",
            id="German compound",
        ),
        pytest.param(
            "Wer erteilt die Rechnungsfreigabe?", "Die Freigabe von Ausgaben erteilt die Buchhaltung. [1]",
            id="German compound, one part known",
        ),
        pytest.param(
            "Where is the extingiusher?", "The extinguisher is beside the main entrance on the ground floor. [1]",
            id="English, misspelt",
        ),
        pytest.param(
            "Who replaces labtops?", "Laptops are replaced every four years by the help desk. [1]",
            id="English, a letter wrong",
        ),
    ],
)  # fmt: skip
async def test_what_was_found_by_other_words_is_quoted(
    ada: Actor, gateway: Gateway, question: str, wanted: str
) -> None:
    found = await ask(ada, gateway, question)
    assert found.splitlines()[0] in ("**Handbuch.pdf** sagt dazu:", "**Handbuch.pdf** says about this:")
    assert wanted in found


async def test_only_what_nothing_stands_for_is_named_as_missing(ada: Actor, gateway: Gateway) -> None:
    found = await ask(ada, gateway, "Wo stelle ich einen Urlaubsantrag in Japan?")
    assert found.splitlines()[0] == "Nicht erwähnt in dem, was ich gefunden habe: Japan."
