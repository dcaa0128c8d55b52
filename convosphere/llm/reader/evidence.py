"""What a sentence must show to answer a question of a kind: a date, a number, a name, a reason."""

import re

from convosphere.llm.reader.questions import QuestionKind
from convosphere.llm.reader.units import Unit

_NUMBER_WORDS = (
    "ein(?:e[mnrs]?)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|hundert|halbe[mnrs]?|doppelt"
    "|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundred|half|twice|double"
)
_UNITS = (
    "sekunden?|minuten?|stunden?|werktage?n?|arbeitstage?n?|kalendertage?n?|tage?n?|wochen?|monate?n?|quartale?n?|jahre?n?"
    "|seconds?|minutes?|hours?|(?:working |business )?days?|weeks?|months?|quarters?|years?"
)
_MONTHS = (
    "januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
    "|january|february|march|may|june|july|october|december"
)
_DAYS = (
    "montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonntags?"
    "|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?"
)

_DATES = (
    rf"\b\d{{1,2}}\.\s?(?:\d{{1,2}}\.|(?:{_MONTHS}))",
    rf"\b(?:{_MONTHS})\b",
    r"\b\d{4}-\d{2}-\d{2}\b",
    r"\b(?:19|20)\d{2}\b",
    r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2} uhr\b|\b\d{1,2} ?[ap]\.?m\b",
    rf"\b(?:{_DAYS})\b",
    rf"\b(?:{_UNITS}) (?:vor|nach|before|after|in advance)\b",
    r"\b(?:spätestens|innerhalb|binnen|ende des|anfang des|am ersten)\b",
    r"\b(?:at the latest|within|by the end|no later)\b",
)
_PEOPLE = (
    r"\b(?:Frau|Herrn?|Mrs?|Ms|Dr|Prof|HR)\b",
    r"\b[A-Z][a-z]+ [A-Z][a-zäöüß]+\b",
    r"[\w.+-]+@[\w-]+",
    r"(?i:abteilung|team\b|leitung|leiter|vorgesetzt|personal|beauftragt|sekretariat|geschäftsführ)",
    r"(?i:zuständig|verantwortlich|ansprech|manager|department|supervisor|administrator|owner\b|office\b)",
    r"(?i:responsible|contact|help ?desk|service ?desk)",
)
_PLACES = (
    r"https?://|www\.|\b\w+@\w",
    r"(?:^|\s)[/\\~][\w./\\-]+|\w > \w|\w → \w",
    r"(?i:\b(?:unter|under|im|in der|in dem|in den|auf der|auf dem|at the|in the|on the)\b)",
    r"(?i:\b(?:raum|room|gebäude|building|etage|stock|floor|straße|street|rückseite|unterseite)\b)",
    r"(?i:\b(?:menü|menu|portal|intranet|ordner|folder|befindet|located)\b)",
)
_REASONS = (
    r"\b(?:weil|da|denn|damit|deshalb|daher|um|wegen|aufgrund|grund)\b",
    r"\b(?:because|since|so that|therefore|due to|in order|reason)\b",
)
_MEANINGS = (
    r"\b(?:ist|sind|bezeichnet|bedeutet|heißt|versteht man|steht für|gilt als)\b",
    r"\b(?:is|are|means|refers to|stands for|denotes)\b",
)
_RULES = (
    r"\b(?:darf|dürfen|kann|können|muss|müssen|nicht|kein\w*|nur|nötig)\b",
    r"\b(?:erlaubt|verboten|untersagt|zulässig|möglich|erforderlich)\b",
    r"\b(?:may|can|cannot|must|not|never|only|entitled|possible)\b",
    r"\b(?:allowed|permitted|prohibited|forbidden|required)\b",
)
_ACTIONS = (
    r"\b(?:öffnen|klicken|wählen|geben sie|tragen sie|installieren|drücken|starten)\b",
    r"\b(?:melden sie|rufen sie|reichen sie|stellen sie)\b",
    r"\b(?:open|click|select|choose|enter|install|press|go to|start|connect|run)\b",
    r"\b(?:sign in|log in|submit|fill in)\b",
)
_SHOWS: dict[QuestionKind, re.Pattern[str]] = {
    QuestionKind.WHEN: re.compile("|".join(_DATES), re.IGNORECASE),
    QuestionKind.HOW_LONG: re.compile(rf"\b(?:\d[\d.,]*|{_NUMBER_WORDS})[\s-]*(?:{_UNITS})\b", re.IGNORECASE),
    QuestionKind.HOW_MUCH: re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\s+\w|[€$£%]|\bprozent\b|\bper cent\b", re.IGNORECASE),
    QuestionKind.WHO: re.compile("|".join(_PEOPLE)),
    QuestionKind.WHERE: re.compile("|".join(_PLACES)),
    QuestionKind.WHY: re.compile("|".join(_REASONS), re.IGNORECASE),
    QuestionKind.DEFINITION: re.compile("|".join(_MEANINGS), re.IGNORECASE),
    QuestionKind.YES_NO: re.compile("|".join(_RULES), re.IGNORECASE),
    QuestionKind.HOW: re.compile("|".join(_ACTIONS), re.IGNORECASE),
}


def shows_answer(unit: Unit, kind: QuestionKind) -> bool | None:
    """Whether a unit has what such a question asks for; None if the kind asks for nothing particular."""
    pattern = _SHOWS.get(kind)
    if pattern is None:
        return None
    return bool(pattern.search(unit.text)) or (kind is QuestionKind.HOW and unit.kind == "item")
