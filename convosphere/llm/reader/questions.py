"""What a question asks for: its language, its kind, and the words that an answer should have."""

import re
from dataclasses import dataclass
from enum import Enum

from convosphere.llm.reader.languages import detect_language
from convosphere.llm.reader.matches import Term, resolve_terms
from convosphere.llm.reader.words import STOP_WORDS, split_words, stem
from convosphere.llm.schemas import CompletionRequest

LONGEST_QUESTION = 2_000
MOST_TERMS = 24
FOLLOW_UP_TERMS = 2
FOLLOW_UP_WEIGHT = 0.5


class QuestionKind(Enum):
    """What an answer looks like."""

    WHEN = "when"
    HOW_LONG = "how long"
    HOW_MUCH = "how much"
    WHO = "who"
    WHERE = "where"
    WHY = "why"
    DEFINITION = "definition"
    FACT = "fact"
    HOW = "how"
    LIST = "list"
    YES_NO = "yes or no"
    OPEN = "open"

    @property
    def is_factual(self) -> bool:
        """Whether one or two sentences are the whole answer."""
        return self not in {QuestionKind.HOW, QuestionKind.LIST, QuestionKind.OPEN, QuestionKind.WHY}


class SmallTalk(Enum):
    """What is said without asking for anything."""

    GREETING = "greeting"
    THANKS = "thanks"
    WHO_ARE_YOU = "who are you"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was understood as far as needed."""

    text: str
    language: str
    kind: QuestionKind
    terms: tuple[Term, ...]
    small_talk: SmallTalk | None = None


_KINDS: dict[str, tuple[tuple[QuestionKind, re.Pattern[str]], ...]] = {
    language: tuple((kind, re.compile(pattern)) for kind, pattern in patterns)
    for language, patterns in {
        "de": (
            (QuestionKind.HOW_LONG, r"\bwie lange?\b|\bwelche (frist|dauer)|\bdauer\b"),
            (
                QuestionKind.HOW_MUCH,
                r"\bwie ?viele?\b|\bwie (hoch|teuer|oft|groß|schwer|weit|schnell|warm)\b|\bkoste[nt]",
            ),
            (QuestionKind.WHEN, r"\bwann\b|\bwelche[rsnm]? (tag|datum|termin|uhrzeit|monat|jahr)|\buhrzeit"),
            (QuestionKind.WHO, r"\bwer\b|\bwe[nm]\b|\bwessen\b|\bansprechpartner|\bzuständig"),
            (QuestionKind.WHERE, r"^(wo|wohin|woher|worin)\b|\bwo (finde|ist|sind|kann|steht|liegt|muss|gibt)"),
            (QuestionKind.WHY, r"\b(warum|wieso|weshalb|aus welchem grund)\b"),
            (
                QuestionKind.DEFINITION,
                r"^was (bedeutet|bedeuten|heißt|meint)\b|^was (ist|sind) (eine? |der |die |das )?[\w-]+( [\w-]+)?\W*$"
                r"|\bdefinition|\bversteht man",
            ),
            (QuestionKind.FACT, r"^was (ist|sind|war)\b|^wie (lautet|lauten|heißt|heißen)\b"),
            (QuestionKind.LIST, r"\bwelche[rsnm]?\b|\bliste|\bzähle"),
            (QuestionKind.HOW, r"\bwie\b|\banleitung|\bschritte?\b|\bwas (muss|soll|mache|tue)\b|\bvorgehen"),
            (
                QuestionKind.YES_NO,
                r"^(und )?(ist|sind|darf|dürfen|kann|können|muss|müssen|gibt|gilt|gelten|hat|habe|haben|wird|werden"
                r"|soll|sollen|bekomme|bekommen|brauche|zahlt|übernimmt|erhalte|erhalten|verfällt|verfallen|besteht)\b",
            ),
        ),
        "en": (
            (QuestionKind.HOW_LONG, r"\bhow long\b|\bduration\b|\bnotice period\b"),
            (
                QuestionKind.HOW_MUCH,
                r"\bhow (much|many|often|high|big|large|heavy|far|fast|hot)\b|\bcosts?\b|\bprice\b",
            ),
            (QuestionKind.WHEN, r"\bwhen\b|\b(what|which) (day|date|time|month|year)\b|\bdeadline\b"),
            (QuestionKind.WHO, r"\bwho(m|se)?\b|\bresponsible\b|\bcontact\b"),
            (QuestionKind.WHERE, r"\bwhere\b"),
            (QuestionKind.WHY, r"\bwhy\b|\bwhat is the reason\b"),
            (
                QuestionKind.DEFINITION,
                r"^what('s| is| are) (an? |the )?[\w-]+( [\w-]+)?\W*$|^what does\b.*\bmean\b|\bmeaning of\b|\bdefine\b",
            ),
            (QuestionKind.FACT, r"^what('s| is| are| was)\b"),
            (QuestionKind.LIST, r"\bwhich\b|\blist\b|\bwhat are\b"),
            (QuestionKind.HOW, r"\bhow\b|\bsteps?\b|\bwhat (do|should|must) i\b|\binstructions?\b"),
            (
                QuestionKind.YES_NO,
                r"^(and )?(is|are|may|can|could|must|do|does|did|has|have|will|would|should|am|shall)\b",
            ),
        ),
    }.items()
}
_SMALL_TALK: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = (
    (
        SmallTalk.WHO_ARE_YOU,
        re.compile(
            r"^(wer|was) bist du|^was kannst du( alles)?( tun| machen)?$|^wer sind sie$|^was können sie( tun)?$|^hilfe$"
            r"|^(who|what) are you|^what can you do|^help( me)?$|^how do you work$|^wie funktionierst du$"
        ),
    ),
    (
        SmallTalk.THANKS,
        re.compile(r"^(vielen |herzlichen |besten )?dank(e|eschön)?\b.{0,25}$|^(many )?thank(s| you)\b.{0,25}$"),
    ),
    (
        SmallTalk.GREETING,
        re.compile(
            r"^(hallo|hi|hey|hello|moin|servus|grüß gott|test"
            r"|guten (tag|morgen|abend)|good (morning|afternoon|evening|day))"
            r"( (zusammen|reader|there|all|everybody|convosphere))?( (wie geht es (dir|ihnen)|wie gehts|how are you))?$"
        ),
    ),
)


def read_question(request: CompletionRequest) -> Question:
    """Understand the request's question; a short follow-up borrows the words of the question before it."""
    text = request.question[-LONGEST_QUESTION:].strip()
    language = detect_language(request)
    terms = _terms(text, language)
    if len(terms) <= FOLLOW_UP_TERMS and (earlier := _earlier_question(request)):
        known = {stem_ for term in terms for stem_ in term.stems}
        borrowed = _terms(earlier, language, FOLLOW_UP_WEIGHT)
        terms += [term for term in borrowed if not term.stems & known]
    terms = resolve_terms(terms[:MOST_TERMS], request.passages)
    bare = " ".join(split_words(text))
    small_talk = next((talk for talk, pattern in _SMALL_TALK if pattern.search(bare)), None)
    return Question(text, language, _kind_of(text, language), tuple(terms), small_talk)


def _kind_of(text: str, language: str) -> QuestionKind:
    lowered = text.lower()
    return next((kind for kind, pattern in _KINDS[language] if pattern.search(lowered)), QuestionKind.OPEN)


def _terms(text: str, language: str, weight: float = 1.0) -> list[Term]:
    found: dict[str, Term] = {}
    for written in re.findall(r"[^\W_]+", text):
        word = written.lower()
        if word not in STOP_WORDS[language] and (len(word) > 1 or word.isdigit()):
            stems = frozenset(stem(word, each) for each in STOP_WORDS)
            found.setdefault(stem(word, language), Term(written, stems, weight))
    return list(found.values())


def _earlier_question(request: CompletionRequest) -> str:
    """The last thing that the person said before; the newest message is the question itself, with or without prompt."""
    said = [message.text for message in request.messages if message.role == "user"]
    return said[-2][-LONGEST_QUESTION:] if len(said) > 1 else ""
