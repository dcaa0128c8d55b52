"""Sentences and units of running text."""

import pytest

from convosphere.llm.reader.sentences import split_sentences
from convosphere.llm.reader.units import split_units
from convosphere.llm.schemas import Passage


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", ["Das gilt z. B. für Nr. 5 und § 3 Abs. 2 BGB.", "Sonst nicht."]),
        ("de", ["Am 3. Oktober ist frei.", "Der 1. Stock ist geschlossen."]),
        ("de", ["Frau Dr. Meier kommt um 10.30 Uhr.", "Sie bleibt ca. 2 Stunden."]),
        ("de", ["Er sagte: „Nein!“", "Dann ging er."]),
        ("en", ["Mr. J. Hale pays e.g. $3.50 approx. twice.", "He left at 5.", "Nobody saw him."]),
        ("en", ["See Fig. 4 and Section 2. The rest is clear."]),
        ("en", ["Really?", "Yes!", "Well..."]),
        ("en", ["Version 1.2.3 is out.", '"Good," she said.']),
    ],
)
def test_sentences_end_where_they_end(language: str, sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences), language) == sentences


def texts_of(text: str, language: str = "de") -> list[tuple[str, str]]:
    return [(unit.kind, unit.text) for unit in split_units(Passage(1, "d", None, text, language, 1.0))]


def test_hard_wrapped_lines_and_parted_words_are_joined() -> None:
    text = "Die Arbeits-\nzeit beträgt 40 Stunden in der\nWoche. Vor-\nund Nachname sind anzugeben."
    assert texts_of(text) == [
        ("sentence", "Die Arbeitszeit beträgt 40 Stunden in der Woche."),
        ("sentence", "Vor- und Nachname sind anzugeben."),
    ]


def test_lists_tables_and_code_are_units_of_their_own() -> None:
    table = "| A | B | C |\n|---|---|---|\n| x | 1 | 2 |"
    text = f"Es gilt:\n- eins\n  geht weiter\n* zwei\n\n{table}\n\n```sh\nls -l\n\npwd\n```\nEnde."
    assert texts_of(text) == [
        ("sentence", "Es gilt:"),
        ("item", "eins geht weiter"),
        ("item", "zwei"),
        ("row", "x: B 1, C 2"),
        ("code", "ls -l\n\npwd"),
        ("sentence", "Ende."),
    ]


def test_headings_and_questions_are_context_only() -> None:
    units = split_units(
        Passage(1, "d", None, "# Top\n\n## Sub\nText.\n\nWas nun?\nNichts.\n\n## Next\nMehr.", "de", 1.0)
    )
    assert [(unit.text, unit.heading, unit.lead) for unit in units] == [
        ("Text.", "Top Sub", ""),
        ("Nichts.", "Top Sub", "Was nun?"),
        ("Mehr.", "Top Next", ""),
    ]


def test_a_sentence_after_a_list_is_not_part_of_it() -> None:
    units = split_units(Passage(1, "d", None, "Do this:\n1. one\n2. two\n\nDone.", "en", 1.0))
    assert [(unit.text, unit.lead) for unit in units][-1] == ("Done.", "")
