"""The Reader on documents as offices have them."""

import re
from dataclasses import replace

import pytest

from convosphere.llm.reader.provider import read
from convosphere.llm.schemas import ChatMessage, CompletionRequest, Passage

LEAVE = """# Urlaubsregelung

## 1. Anspruch
Alle Beschäftigten haben Anspruch auf 30 Urlaubstage im Kalenderjahr, z. B. bei einer Fünf-Tage-Woche. Teilzeitkräfte
erhalten den Urlaub anteilig. Schwerbehinderte bekommen fünf zusätzliche Tage.

## 2. Resturlaub
Nicht genommener Urlaub verfällt am 31. März des Folgejahres. Er kann nur bei dringenden betrieblichen Gründen
übertragen werden. Der Antrag auf Übertragung ist bis zum 15. Dezember bei der Personalabteilung zu stellen.

## 3. Antrag
Urlaub wird im Portal unter „Zeiten > Abwesenheit“ beantragt. Für den Antrag gilt:
- Mindestens vier Wochen vorher einreichen
- Vertretung eintragen
- Die Genehmigung der Vorgesetzten abwarten

Zuständig ist Frau Petra Lindner (Tel. 4711). Während der Probezeit ist Urlaub möglich, aber nicht in den ersten sechs
Wochen.
"""
VPN = """VPN set-up

The VPN connects your laptop to the company network, i.e. to file shares and the intranet. VPN stands for virtual
private network.

To set up the VPN, do the following:
1. Install the client from https://it.example.org/vpn.
2. Open the client and enter the server vpn.example.org.
3. Sign in with your company account and confirm on your phone.

The connection is closed after 12 hours. If the VPN does not connect, contact the service desk at
servicedesk@example.org. Split tunnelling is not allowed because it bypasses the firewall.
"""
EXPENSES = """Travel expenses

| Country | Daily allowance | Hotel limit |
|---|---|---|
| Germany | 28 € | 120 € |
| France | 53 € | 150 € |
| United Kingdom | $66 | 180 € |

Receipts must be submitted within 30 days after the trip. Taxi rides are reimbursed only if public transport is not
available. Alcohol is never reimbursed. Claims above 500 € are approved by the head of department.
"""
EXPENSES_AGAIN = (
    "Receipts have to be submitted within 30 days after the trip. Receipts must be submitted within 30 days after the "
    "trip. A lost receipt can be replaced once a year by an own statement."
)
MACHINE = """Kaffeemaschine KM 200

Technische Daten
Leistung: 1.450 W
Wassertank: 1,8 Liter
Gewicht: 9,2 kg

Entkalken
Die Maschine muss alle drei Monate entkalkt werden, da Kalk die Heizung beschädigt. Leuchtet die rote Lampe dauerhaft,
ist der Wassertank leer. Zum Entkalken gehen Sie so vor:
1. Wassertank leeren.
2. 100 ml Entkalker und 1 Liter Wasser einfüllen.
3. Taste Calc drei Sekunden drücken.
4. Nach 25 Minuten zweimal mit klarem Wasser spülen.

Die Garantie beträgt 24 Monate. Garantie bezeichnet die freiwillige Zusage des Herstellers.
"""
FAQ = """**Who do I call when the lift is stuck?**
Press the bell. The porter, Mr. J. Hale, answers day and night.

Where do I park my bicycle?
In the yard, behind building 4.
"""
DOCUMENTS = (
    ("Urlaubsregelung.pdf", 1, LEAVE, "de"),
    ("vpn.md", None, VPN, "en"),
    ("expenses.docx", 2, EXPENSES, "en"),
    ("faq.txt", None, EXPENSES_AGAIN, "en"),
    ("KM200.pdf", 7, MACHINE, "de"),
    ("house.md", None, FAQ, "en"),
)
PASSAGES = tuple(
    Passage(number, name, page, text, language, 5.0 - number / 10)
    for number, (name, page, text, language) in enumerate(DOCUMENTS, 1)
)


def ask(question: str, passages: tuple[Passage, ...] = PASSAGES, locale: str = "en", *earlier: str) -> str:
    messages = tuple(ChatMessage("user", text) for text in (*earlier, question))
    return read(CompletionRequest("reader", messages, question, passages, locale))[0]


def quotes(answer: str) -> str:
    """The lines that cite something."""
    return "\n".join(line for line in answer.splitlines() if re.search(r"\[\d+\]", line))


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Wie viele Urlaubstage habe ich?", "30 Urlaubstage im Kalenderjahr, z. B. bei einer Fünf-Tage-Woche. [1]"),
        ("Wann verfällt der Resturlaub?", "Nicht genommener Urlaub verfällt am 31. März des Folgejahres. [1]"),
        ("Wer ist für Urlaub zuständig?", "Zuständig ist Frau Petra Lindner (Tel. 4711). [1]"),
        ("Wo beantrage ich Urlaub?", "Urlaub wird im Portal unter „Zeiten > Abwesenheit“ beantragt. [1]"),
        ("Darf ich in der Probezeit Urlaub nehmen?", "Während der Probezeit ist Urlaub möglich"),
        ("Bekommen Teilzeitkräfte weniger Urlaub?", "Teilzeitkräfte erhalten den Urlaub anteilig. [1]"),
        ("What is a VPN?", "VPN stands for virtual private network. [2]"),
        ("Why is split tunnelling not allowed?", "because it bypasses the firewall. [2]"),
        ("How long until the VPN connection is closed?", "The connection is closed after 12 hours. [2]"),
        ("What is the daily allowance in France?", "- France: Daily allowance 53 €, Hotel limit 150 € [3]"),
        ("Is alcohol reimbursed?", "Alcohol is never reimbursed. [3]"),
        ("Who approves claims above 500 €?", "Claims above 500 € are approved by the head of department. [3]"),
        (
            "Wie oft muss die Maschine entkalkt werden?",
            "alle drei Monate entkalkt werden, da Kalk die Heizung beschädigt. [5]",
        ),
        ("Wie groß ist der Wassertank?", "- Wassertank: 1,8 Liter [5]"),
        ("Was ist Garantie?", "Garantie bezeichnet die freiwillige Zusage des Herstellers. [5]"),
        ("Wie lange habe ich Garantie?", "Die Garantie beträgt 24 Monate. [5]"),
        ("Who answers when the lift is stuck?", "The porter, Mr. J. Hale, answers day and night. [6]"),
        ("Where can I park my bicycle?", "In the yard, behind building 4. [6]"),
    ],
)
def test_the_first_quote_answers_the_question(question: str, wanted: str) -> None:
    found = quotes(ask(question))
    assert wanted in found
    assert found.count("[") <= 3, f"more than was asked for:\n{found}"


def test_steps_are_quoted_whole_and_in_order() -> None:
    found = quotes(ask("How do I set up the VPN?"))
    steps = [found.index(text) for text in ("1. Install", "2. Open the client", "3. Sign in")]
    assert steps == sorted(steps)
    german = ask("Wie entkalke ich die Kaffeemaschine?")
    assert "Zum Entkalken gehen Sie so vor:" in german
    assert [f"{number}. " in german for number in (1, 2, 3, 4)] == [True] * 4


def test_a_list_belongs_to_the_words_before_its_colon() -> None:
    found = ask("Welche Regeln gelten für den Antrag?")
    assert "Für den Antrag gilt:\n\n- Mindestens vier Wochen vorher einreichen [1]\n- Vertretung eintragen [1]" in found


def test_facts_under_a_heading_are_found_by_the_heading() -> None:
    found = quotes(ask("Welche technischen Daten hat die Maschine?"))
    assert "- Leistung: 1.450 W [5]\n- Wassertank: 1,8 Liter [5]\n- Gewicht: 9,2 kg [5]" in found


def test_what_two_documents_say_alike_is_quoted_once_with_both_citations() -> None:
    found = quotes(ask("Until when do I have to submit receipts?"))
    assert found.count("submitted within 30 days") == 1
    assert "[3][4]" in found


def test_who_asks_for_two_things_gets_both() -> None:
    found = ask("Garantie und Urlaub")
    assert "**KM200.pdf**" in found
    assert "**Urlaubsregelung.pdf**" in found
    assert "[1]" in found
    assert "[5]" in found


@pytest.mark.parametrize(
    "question",
    ["Wie hoch ist der Eiffelturm?", "What is the capital of Mongolia?", "Was ist bei Homeoffice zu beachten?"],
)
def test_it_says_so_when_the_documents_do_not_say(question: str) -> None:
    found = ask(question)
    assert quotes(found) == ""
    assert "do not say" in found or "sagen dazu nichts" in found


def test_it_names_what_it_did_not_find() -> None:
    found = ask("What is the daily allowance in Japan?")
    assert "Japan." in found.splitlines()[0]


def test_without_passages_it_says_so_and_what_to_do() -> None:
    found = ask("How many days of leave do I have?", ())
    assert "do not say anything about this" in found
    assert "add a document" in found
    assert "No model is connected" in found


ENDINGS = ("Is alcohol reimbursed?", "Hello", "What is the capital of Mongolia?")


def test_every_answer_says_that_no_model_is_connected() -> None:
    for question in ENDINGS:
        assert "No model is connected" in ask(question).splitlines()[-1]


def test_whoever_chose_the_reader_beside_models_is_told_that_none_wrote_this() -> None:
    for question in ENDINGS:
        found, _ = read(CompletionRequest("reader", (), question, PASSAGES, "en", models_connected=True))
        assert "No language model wrote this" in found.splitlines()[-1]
        assert "connected" not in found


@pytest.mark.parametrize(
    "greeting", ["Hallo!", "Hi", "Guten Morgen", "Danke", "thank you", "Who are you?", "Hello there"]
)
def test_small_talk_gets_a_short_word_back(greeting: str) -> None:
    found = ask(greeting)
    assert quotes(found) == ""
    assert len(found) < 400
    assert "documents" in found or "Dokument" in found


def test_the_frame_is_in_the_questions_language() -> None:
    assert "says about this" in ask("Is alcohol reimbursed?", locale="de")
    assert "says about this" not in ask("Wann verfällt der Resturlaub?", locale="en")


@pytest.mark.parametrize(
    ("question", "locale", "german"),
    [("VPN", "en", False), ("VPN", "de", True), ("Garantie Kaffeemaschine Entkalkung", "en", True)],
)
def test_keywords_alone_take_the_language_of_what_has_them_or_of_the_person(
    question: str, locale: str, german: bool
) -> None:
    passages = PASSAGES if question == "VPN" else (PASSAGES[4],)
    assert ("sagt dazu" in ask(question, passages, locale)) is german


def test_a_follow_up_borrows_the_words_of_the_question_before() -> None:
    found = quotes(ask("Und bei Teilzeitkräften?", PASSAGES, "de", "Wie viele Urlaubstage habe ich?"))
    assert "Teilzeitkräfte erhalten den Urlaub anteilig. [1]" in found


NOTICE = "Die Kündigungsfrist beträgt sechs Wochen. In der Probezeit gelten zwei Wochen. Die Gehälter kommen am Ersten."
APPLYING = "Urlaub wird im Portal beantragt. Der Antrag muss vier Wochen vorher im Portal sein."
RELEASE = "Die Freigabe erteilt die Buchhaltung. Belege werden zehn Jahre lang aufgehoben."
LIFT = "The extinguisher is beside the main entrance. The lift is checked every year."


def matched(text: str, *words: str, language: str = "de") -> tuple[Passage, ...]:
    """A passage as the search finds it by these of its words."""
    return (Passage(1, "Handbook.pdf", None, text, language, 1.0, words),)


@pytest.mark.parametrize(
    ("question", "passages", "wanted"),
    [
        pytest.param(
            "Wie lange ist die Kündigungsfirst?", matched(NOTICE, "Kündigungsfrist"),
            "Die Kündigungsfrist beträgt sechs Wochen. [1]", id="German, misspelt",
        ),
        pytest.param(
            "Where is the extingiusher?", matched(LIFT, "extinguisher", language="en"),
            "The extinguisher is beside the main entrance. [1]", id="English, misspelt",
        ),
        pytest.param(
            "Wo stelle ich einen Urlaubsantrag?", matched(APPLYING, "Urlaub", "Antrag"),
            "Urlaub wird im Portal beantragt. [1]", id="compound",
        ),
    ],
)  # fmt: skip
def test_words_that_the_search_matched_are_as_good_as_those_asked_for(
    question: str, passages: tuple[Passage, ...], wanted: str
) -> None:
    found = ask(question, passages)
    assert wanted in quotes(found)
    assert "directly" not in found
    assert "nicht direkt" not in found
    unmatched = (replace(passages[0], matched_words=()),)
    assert quotes(ask(question, unmatched)) == "", "found without the search's help"


def test_a_corrected_word_chooses_the_sentence_like_the_word_itself() -> None:
    passages = matched(NOTICE + " Nach zehn Jahren sind es drei Monate.", "Kündigungsfrist")
    found = [ask(f"Wie lange ist die {word}?", passages) for word in ("Kündigungsfrist", "Kündigungsfirst")]
    assert found[0] == found[1]


def test_a_lone_part_of_a_compound_is_only_near_beside_words_that_nothing_has() -> None:
    found = ask("Wer genehmigt und prüft die Rechnungsfreigabe?", matched(RELEASE, "Freigabe"))
    assert "nicht direkt" in found
    assert "Die Freigabe erteilt die Buchhaltung. [1]" in quotes(found)


@pytest.mark.parametrize(
    ("question", "passages"),
    [
        pytest.param("Wie lange ist die Kündigungsfirst in Japan?", matched(NOTICE, "Kündigungsfrist"), id="misspelt"),
        pytest.param(
            "Was kostet eine Bahnreise nach Japan?",
            matched("Eine Reise mit der Bahn kostet höchstens 100 €.", "Reise", "Bahn", "kostet"), id="short parts",
        ),
        pytest.param(
            "Was kostet eine Zugfahrkarte nach Japan?", matched("Der Zug kostet höchstens 100 €.", "Zug", "kostet"),
            id="one short part",
        ),
        pytest.param(
            "Wie beantragt man im Portal Urlaub mit Vertreetung in Japan?",
            matched("Urlaub wird im Portal beantragt.\n\n# Vertretung", "Urlaub", "Portal", "beantragt", "Vertretung"),
            id="in a heading at the end",
        ),
    ],
)  # fmt: skip
def test_only_what_was_not_matched_at_all_is_named_as_missing(question: str, passages: tuple[Passage, ...]) -> None:
    first = ask(question, passages, "de").splitlines()[0]
    assert first == "Nicht erwähnt in dem, was ich gefunden habe: Japan."


def test_a_word_that_was_asked_for_itself_is_no_correction_of_another() -> None:
    passages = matched("Die Kasten stehen im Keller. Der Keller ist trocken.", "Kasten", "Keller")
    found = ask("Stehen die Kosten und die Kasten im Keller?", passages, "de")
    assert found.splitlines()[0] == "Nicht erwähnt in dem, was ich gefunden habe: Kosten."


def test_matched_words_that_are_like_no_word_of_the_question_count_for_nothing() -> None:
    found = ask("Wie hoch ist der Eiffelturm?", matched(NOTICE, "Probezeit", "Wochen"))
    assert quotes(found) == ""


def test_it_always_says_the_same() -> None:
    assert len({ask("How do I set up the VPN?") for _ in range(3)}) == 1


def test_a_table_that_begins_in_its_middle_has_no_head() -> None:
    rows = "| `PORT` | `8000` | Port of pages. |\n| `QUOTA` | `10240` | Space for files of one workspace. |"
    found = ask("How much space is there for files?", (Passage(1, "settings.md", None, rows, "en", 1.0),))
    assert "`QUOTA`: `10240`, Space for files of one workspace." in found
    assert "8000" not in found


def test_nothing_in_a_document_acts_in_the_answer() -> None:
    text = (
        "The tariff ![spy](https://evil.example/x.png) is **$5** per [month](https://evil.example/) [7]. "
        "<script>alert(1)</script> The tariff <iframe src=x></iframe> covers $10 of calls."
    )
    name = "](https://evil.example/)![x](y)<b>.md"
    found = ask("What is the tariff?", (Passage(1, name, None, text, "en", 1.0),))
    assert "evil.example/x.png" not in found
    assert "<script" not in found
    assert "<iframe" not in found
    assert "[7]" not in found
    assert r"\$5" in found
    assert "](https" not in found.replace(r"\]", "")
    assert "[1]" in found


@pytest.mark.parametrize(
    "text", ["", "\n\n", "|", "|a|", "```", "# ", "- ", "1.", "....", "?" * 50, "[1]" * 20, "x" * 20_000]
)
def test_odd_passages_do_no_harm(text: str) -> None:
    assert ask("What is x?", (Passage(1, "odd", None, text, "xx", 0.0),))


@pytest.mark.parametrize("question", ["", "?", "   ", "der die das", "a" * 5_000, "\x00", "🙂", "[1]", "WAS???"])
def test_odd_questions_do_no_harm(question: str) -> None:
    assert "No model" in ask(question) or "kein Modell" in ask(question)
