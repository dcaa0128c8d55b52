"""Words become the same terms in passages and in questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convosphere.knowledge.parsing.schemas import ParsedPassage
from convosphere.knowledge.search.entries import make_entry
from convosphere.knowledge.search.questions import phrase_query, read_question
from convosphere.knowledge.search.terms import DIMENSIONS, fold, main_language, make_term, term_of, words_of


def forms(text: str) -> list[str]:
    return [word.form for word in words_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Größe, Maß & STRASSE", ["grösse", "mass", "strasse"]),
        ("Café à la crème", ["cafe", "a", "la", "creme"]),
        ("1.250,50 Euro und 1,250 pounds", ["1250", "50", "euro", "und", "1250", "pounds"]),
        ("v2.1.3 am 01.02.2024", ["v2", "1", "3", "am", "01", "02", "2024"]),
        ("the employee's, employee’s", ["the", "employee's", "employee's"]),
        ("E-Mail_Adresse", ["e", "mail", "adresse"]),
        ("ﬁnanz", ["finanz"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


def test_words_know_where_they_stand() -> None:
    (first, second) = words_of(" Die Frist.")
    assert (first.position, first.start, first.end) == (0, 1, 4)
    assert (second.position, second.start, second.end) == (1, 5, 10)


@pytest.mark.parametrize(
    ("one", "other"),
    [("häuser", "haus"), ("kuendigung", "kündigungen"), ("verträge", "vertrag"), ("straße", "strassen")],
)
def test_german_forms_share_a_term(one: str, other: str) -> None:
    assert term_of(fold(one), "de") == term_of(fold(other), "de")


@pytest.mark.parametrize(
    ("one", "other"), [("claims", "claimed"), ("employee's", "employee"), ("replacing", "replace")]
)
def test_english_forms_share_a_term(one: str, other: str) -> None:
    assert term_of(fold(one), "en") == term_of(fold(other), "en")


def test_a_word_is_another_term_in_another_language() -> None:
    assert len({term_of("art", language).dimension for language in ("de", "en", "simple")}) == 3  # pyright: ignore[reportOptionalMemberAccess, reportArgumentType]


def test_stop_words_are_no_terms_in_their_own_language_only() -> None:
    assert term_of("die", "de") is None
    assert term_of("die", "en") == make_term("die", "en")


def test_a_dimension_never_changes() -> None:
    # It is stored: another value would break every index there is.
    assert make_term("frist", "de").dimension == 797395744


@given(st.text(), st.sampled_from(["de", "en", "simple"]))
def test_any_text_has_terms_within_the_vector(text: str, language: str) -> None:
    for word in words_of(text):
        assert word.form
        assert text[word.start : word.end]
        term = term_of(word.form, language)  # pyright: ignore[reportArgumentType]
        assert term is None or 0 <= term.dimension < DIMENSIONS


@pytest.mark.parametrize(
    ("text", "language"),
    [("Wie lang ist die Frist?", "de"), ("How long is the period?", "en"), ("Server Backup", None), ("was", None)],
)
def test_stop_words_tell_the_language(text: str, language: str | None) -> None:
    assert main_language(forms(text)) == language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wie lange dauert die Probezeit?", ["dauert", "probezeit"]),
        ("How long does the probation take?", ["probation", "take"]),
        ("lange", ["lange"]),
        ("Can a process die?", ["process", "die"]),
        ("Urlaub Urlaub", ["urlaub"]),
        ("und oder", []),
    ],
)
def test_a_question_is_its_telling_words(text: str, expected: list[str]) -> None:
    assert [word.form for word in read_question(text).words] == expected


def test_repeated_words_count() -> None:
    assert read_question("Urlaub, Urlaub!").words[0].count == 2


@pytest.mark.parametrize(
    "text", ['"Ende der Frist"', "„Ende der Frist“", "“Ende der Frist”", "»Ende der Frist«", "«Ende der Frist»"]
)
def test_quotes_of_all_kinds_make_a_phrase(text: str) -> None:
    query = phrase_query(read_question(text).phrases)
    assert query is not None
    assert "'end' <2> 'frist'" in query


@pytest.mark.parametrize("text", ["Ende der Frist", '""', '"?"', 'ein " allein'])
def test_without_words_in_quotes_there_is_no_phrase(text: str) -> None:
    assert phrase_query(read_question(text).phrases) is None


def test_an_entry_counts_text_and_heading() -> None:
    passage = ParsedPassage(1, "Die Frist endet, die Frist beginnt.", 0, 35, None, "Kündigung", "de")
    entry = make_entry(passage, 70)
    assert entry.length == 5
    assert {term.lexeme for term in entry.terms} == {"frist", "end", "beginnt", "kundig"}
    assert entry.lexemes == "'frist':2,5 'end':3 'beginnt':6 'kundig':106"
    assert entry.weights[make_term("frist", "de").dimension] > entry.weights[make_term("end", "de").dimension] > 0
