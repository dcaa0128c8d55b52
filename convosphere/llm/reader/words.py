"""Words and their stems, which of them carry meaning, and how near two stems are."""

import re
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {"de": Stemmer.Stemmer("german"), "en": Stemmer.Stemmer("english")}
SHORTEST_PART = 5

GERMAN_STOP_WORDS = frozenset(
    """aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bekomme bekommen
    bekommt bin bis bist bitte brauche brauchen braucht da dabei dafür damit dann darf das dass dein deine dem den denn
    der deren des dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch dürfen ein eine einem
    einen einer eines er erhalte erhalten erhält erkläre erklären es etwas eure für gab gebe geben genau gibt gilt habe
    haben hast hat hatte hier hoch ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins irgendwo ist ja jede jedem
    jeden jeder jedes jemand kann kannst kein keine keinen können könnte kriege lang lange machen mache macht mal man
    manche mehr mein meine meinem meinen meiner mich mir mit möchte muss müssen nach nein nenne nennen nicht nichts noch
    nun nur ob oder oft ohne sage sagen sagt schon sehr sein seine seinem seinen seiner seit sich sie sind so soll
    sollen sollte steht stehen tun tut über um und uns unser unsere unserem unseren unter viel viele vielen vom von vor
    wann war waren warum was weiß welche welchem welchen welcher welches wem wen wenn wer werde werden weshalb wessen
    wie wieso wieviel wieviele will wir wird wirst wo wofür woher wohin womit worüber worum wozu würde würden zeige
    zeigen zu zum zur zwischen dokument dokumente dokumenten unterlagen frage thema information informationen""".split()
)
ENGLISH_STOP_WORDS = frozenset(
    """a about after all also am an and any anyone anything are as at be been before being but by can could did do does
    doing don explain find for from get gets give given go got had has have having he her here him his how i if in
    information into is it its just kind know let like long many may me mean might more most much must my need needs no
    not of off on once one only or other our out over own per please say says shall she should show so some somebody
    someone something such take tell than that the their them then there these they thing things this those through to
    too under up us very want was we were what when where which while who whom whose why will with would you your
    document documents question topic often""".split()
)
STOP_WORDS = {"de": GERMAN_STOP_WORDS, "en": ENGLISH_STOP_WORDS}


def split_words(text: str) -> list[str]:
    """The words of a text in lower case; parts of hyphenated ones are words of their own."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The word's stem by Snowball, with umlauts folded; in an unknown language the word itself."""
    stemmer = _STEMMERS.get(language)
    return fold(stemmer.stemWord(word)) if stemmer else fold(word)


def stems_of(text: str, language: str) -> frozenset[str]:
    """The stems of a text's words that carry meaning."""
    stop_words = STOP_WORDS.get(language, frozenset())
    return frozenset(stem(word, language) for word in split_words(text) if word not in stop_words)


@lru_cache(maxsize=200_000)
def affinity(one: str, other: str) -> float:
    """How near two stems are: 1 the same, 0.8 another form, 0.6 one is part of the other as in compounds, else 0."""
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < SHORTEST_PART or any(sign.isdigit() for sign in shorter):
        return 0.0
    common = next((i for i, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), len(shorter))
    if common >= SHORTEST_PART and len(longer) - common <= 2 and len(shorter) - common <= 2:
        return 0.8
    return 0.6 if _is_part(shorter, longer) else 0.0


def _is_part(shorter: str, longer: str) -> bool:
    """Whether a word is part of a compound or prefixed one, rather than the beginning of another word by chance."""
    place = longer.find(shorter)
    return place >= 2 or (place == 0 and len(longer) - len(shorter) >= 4)


def fold(word: str) -> str:
    """A word in lower case with its umlauts as plain vowels."""
    return word.replace("ä", "a").replace("ö", "o").replace("ü", "u").replace("ß", "ss")
