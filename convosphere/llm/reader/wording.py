"""The answer's text: a frame in the question's language around quotations with their citations, as Markdown."""

import itertools
import re
from collections.abc import Sequence

from convosphere.core.i18n import Message, t
from convosphere.llm.reader.questions import Question, SmallTalk
from convosphere.llm.reader.selection import Quote
from convosphere.llm.reader.units import Unit

LONGEST_CODE = 1_500
_ACTIVE_IN_NAMES = re.compile(r"([\\`*_\[\]<>#|])")
_DOLLAR = re.compile(r"(?<!\\)\$")

NO_MODEL_QUOTED = t("No model is connected: these are quotations from your documents, picked by the built-in Reader.")
NO_MODEL = t("No model is connected. The built-in Reader can only quote from your documents.")
READER_QUOTED = t(
    "No language model wrote this: these are quotations from your documents, picked by the built-in Reader."
)
READER_CHOSEN = t("No language model wrote this. The built-in Reader can only quote from your documents.")


def answer(question: Question, quotes: Sequence[Quote], missing: Sequence[str], *, direct: bool) -> str:
    """The answer with quotes; `missing` are words that the documents do not have.

    Without `direct` the quotes are only near to the question, and the answer says so.
    """
    documents = [
        list(group) for _, group in itertools.groupby(quotes, key=lambda quote: quote.first.passage.document_name)
    ]
    parts: list[str] = []
    if not direct:
        parts.append(t("Your documents do not answer this directly. This comes nearest:").in_locale(question.language))
    if missing and direct:
        words = ", ".join(missing)
        parts.append(t("Not mentioned in what I found: {words}.", words=words).in_locale(question.language))
    parts.append(_opening(documents).in_locale(question.language))
    for group in documents:
        if len(documents) > 1:
            parts.append(f"**{_escape_name(group[0].first.passage.document_name)}**")
        parts += _paragraphs(group)
    return "\n\n".join(parts)


def nothing_found(question: Question) -> str:
    """That the documents do not say, and what to do about it."""
    parts = (
        t("Your documents do not say anything about this."),
        t("Try other words, or add a document that covers it."),
    )
    return " ".join(part.in_locale(question.language) for part in parts)


def small_talk(question: Question, kind: SmallTalk) -> str:
    """A short word in return, and what can be asked."""
    openings = {
        SmallTalk.GREETING: t("Hello!"),
        SmallTalk.THANKS: t("You are welcome."),
        SmallTalk.WHO_ARE_YOU: t("I am the Reader, built into ConvoSphere."),
    }
    parts = (
        openings[kind],
        t("Ask me something about your documents, in a whole sentence: I quote the places that answer it."),
    )
    return " ".join(part.in_locale(question.language) for part in parts)


def closing(question: Question, *, quoted: bool, models_connected: bool) -> str:
    """The last line of every answer: that no model wrote it, and whether one could."""
    with_quotes, without = (READER_QUOTED, READER_CHOSEN) if models_connected else (NO_MODEL_QUOTED, NO_MODEL)
    text = with_quotes if quoted else without
    return f"*{text.in_locale(question.language)}*"


def _opening(documents: list[list[Quote]]) -> Message:
    if len(documents) > 1:
        return t("Your documents say about this:")
    name = _escape_name(documents[0][0].first.passage.document_name)
    return t("{document} says about this:", document=f"**{name}**")


def _paragraphs(quotes: Sequence[Quote]) -> list[str]:
    """Sentences run on as a paragraph; lists, rows and code stand alone."""
    paragraphs: list[str] = []
    running: list[str] = []
    for quote in quotes:
        if all(unit.kind == "sentence" for unit in quote.units):
            running.append(_sentence(quote))
            continue
        if running:
            paragraphs.append(" ".join(running))
            running = []
        paragraphs.append(_block(quote))
    if running:
        paragraphs.append(" ".join(running))
    return _join_lists(paragraphs)


def _sentence(quote: Quote) -> str:
    return f"{' '.join(_safe(unit.text) for unit in quote.units)} {_citations(quote)}"


def _block(quote: Quote) -> str:
    lines: list[str] = []
    steps = itertools.count(1)
    for unit in quote.units:
        if unit.kind == "sentence":
            lines += [_safe(unit.text), ""]
        elif unit.kind == "code":
            lines += ["```", unit.text[:LONGEST_CODE].replace("```", "'''"), "```"]
        else:
            lines.append(f"{f'{next(steps)}.' if unit.ordered else '-'} {_safe(unit.text)}{_own_citation(unit, quote)}")
    if quote.units[-1].kind == "code":
        lines += ["", _citations(quote)]
    return "\n".join(lines)


def _own_citation(unit: Unit, quote: Quote) -> str:
    """Every item is a quotation of its own."""
    return f" {_citations(quote)}" if unit.passage.number in quote.citations else f" [{unit.passage.number}]"


def _join_lists(paragraphs: list[str]) -> list[str]:
    """Single items after each other as one list."""
    joined: list[str] = []
    for paragraph in paragraphs:
        if joined and joined[-1].startswith("- ") and paragraph.startswith("- "):
            joined[-1] += f"\n{paragraph}"
        else:
            joined.append(paragraph)
    return joined


def _citations(quote: Quote) -> str:
    return "".join(f"[{number}]" for number in quote.citations)


def _safe(text: str) -> str:
    """A dollar sign would begin a formula."""
    return _DOLLAR.sub(r"\\$", text)


def _escape_name(name: str) -> str:
    return _ACTIVE_IN_NAMES.sub(r"\\\1", name)
