"""What words may mean that the documents do not have."""

import pytest

from convosphere.knowledge.search.terms import make_term
from convosphere.knowledge.search.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    {
        "de": (
            [
                "urlaub",
                "antrag",
                "urlaubsantrag",
                "kundigungsfrist",
                "rechnung",
                "rechnungsprufung",
                "zeit",
                "arbeit",
                "frist",
            ],
            [40, 30, 3, 5, 20, 2, 50, 60, 7],
        ),
        "en": (["employe", "probat", "reimburs"], [10, 4, 2]),
        "simple": (["kubernetes"], [1]),
    }
)


def lexemes(form: str) -> list[str]:
    return [term.lexeme for term, _ in VOCABULARY.corrections(form, 3)]


@pytest.mark.parametrize(
    ("form", "meant"),
    [
        ("kündigunsfrist", "kundigungsfrist"),
        ("kündigungsfirst", "kundigungsfrist"),
        ("rehcnung", "rechnung"),
        ("reimbrusement", "reimburs"),
        ("kubernets", "kubernetes"),
    ],
)
def test_misspelt_words_are_corrected(form: str, meant: str) -> None:
    assert lexemes(form)[0] == meant


@pytest.mark.parametrize("form", ["zeid", "firsd", "20240", "photosynthese", "vrlaub", "x"])
def test_short_far_and_numeric_words_are_not(form: str) -> None:
    assert lexemes(form) == []


def test_the_nearest_come_first_and_of_these_the_most_frequent() -> None:
    vocabulary = Vocabulary({"simple": (["kostenart", "kostenort", "kostenarten"], [2, 9, 50])})
    found = vocabulary.corrections("kostenurt", 5)
    assert [(term.lexeme, distance) for term, distance in found] == [("kostenort", 1), ("kostenart", 1)]
    assert len(vocabulary.corrections("kostenurt", 1)) == 1


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        ("urlaubsantrag", ["urlaub", "antrag"]),
        ("arbeitszeit", ["arbeit", "zeit"]),
        ("urlaubsantragsfrist", ["urlaubsantrag", "frist"]),
        ("arbeit", []),
        ("kantinenzeit", []),
    ],
)
def test_compounds_are_split_into_words_that_are_there(form: str, parts: list[str]) -> None:
    assert [term.lexeme for term in VOCABULARY.parts(form)] == parts


def test_one_known_part_of_a_compound() -> None:
    assert VOCABULARY.known_part("rechnungsfreigabe") == make_term("rechnung", "de")
    assert VOCABULARY.known_part("photosynthese") is None


def test_compounds_with_a_word() -> None:
    found = [term.lexeme for term in VOCABULARY.compounds(make_term("rechnung", "de"), 5)]
    assert found == ["rechnungsprufung"]
    assert [term.lexeme for term in VOCABULARY.compounds(make_term("antrag", "de"), 5)] == ["urlaubsantrag"]
    assert VOCABULARY.compounds(make_term("employe", "en"), 5) == []


def test_counts() -> None:
    assert (
        VOCABULARY.count(make_term("urlaub", "de"))
        == VOCABULARY.count_dimension(make_term("urlaub", "de").dimension)
        == 40
    )
    assert VOCABULARY.count(make_term("urlaub", "en")) == 0
    assert len(VOCABULARY) == 13
