"""The SQL of finding conversations and messages; which of them the actor sees is in each statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from convosphere.chat.queries.access import GIVEN, MAY
from convosphere.chat.queries.folder_access import MAY_VIEW_FOLDER
from convosphere.chat.search_terms import Wanted, Word, first_id_at
from convosphere.core.unit_of_work import UnitOfWork

START, STOP = "\x02", "\x03"
"""Around what was found in a snippet; texts themselves have none of them when it is cut."""
LONGEST_LOOK = 20_000
"""Characters of a message in which what was found is marked."""
_HEADLINE = f"StartSel={START}, StopSel={STOP}, MaxWords=18, MinWords=9, ShortWord=2, MaxFragments=1"
_CONFIGURATIONS = ("german", "english")
_TEXT = f"""translate(left((
    SELECT string_agg(part ->> 'text', ' ' ORDER BY place)
    FROM jsonb_array_elements(m.parts) WITH ORDINALITY AS p (part, place) WHERE part ->> 'type' = 'text'
), {LONGEST_LOOK}), E'\\x02\\x03', '')"""  # noqa: S608  # Of constants.
# {whose} says whose they are, {conditions} what is asked of them; what the actor keeps in the archive is found too.
_CONVERSATIONS = """
    SELECT c.id FROM conversation AS c
    LEFT JOIN conversation_view AS v ON v.conversation_id = c.id AND v.account_id = :account_id
    WHERE {whose} AND c.deleted_at IS NULL AND c.expires_at IS NULL {conditions}
"""
_OWNERS = text(f"SELECT DISTINCT c.owner_id AS id FROM conversation AS c WHERE {GIVEN} AND c.deleted_at IS NULL")  # noqa: S608
_FIND_TITLES = """
    SELECT c.id, c.title, c.updated_at, v.archived_at IS NOT NULL AS is_archived
    FROM conversation AS c
    LEFT JOIN conversation_view AS v ON v.conversation_id = c.id AND v.account_id = :account_id
    WHERE c.id IN ({conversations}) {titled}
    ORDER BY c.updated_at DESC, c.id DESC LIMIT :most
"""
_FIND_MESSAGES = """
    WITH found AS MATERIALIZED (
        SELECT f.message_id, f.conversation_id FROM find_messages(
            {german}, {english}, ARRAY({conversations}), CAST(:since_id AS uuid), CAST(:until_id AS uuid), :most
        ) AS f
    )
    SELECT m.id, c.id AS conversation_id, c.title, m.role, m.created_at, v.archived_at IS NOT NULL AS is_archived,
        {snippet} AS snippet
    FROM found JOIN message AS m ON m.id = found.message_id JOIN conversation AS c ON c.id = found.conversation_id
    LEFT JOIN conversation_view AS v ON v.conversation_id = c.id AND v.account_id = :account_id
    WHERE {may} AND c.deleted_at IS NULL {cited}
    ORDER BY m.id DESC LIMIT :shown
"""
_CITED = "AND EXISTS (SELECT FROM message_citation AS q WHERE q.message_id = m.id AND q.is_cited)"
_MOST_WITH_CITATIONS = 2_000
_SNIPPET_LENGTH = 200


@dataclass(frozen=True)
class _Id:
    id: UUID


@dataclass(frozen=True)
class TitleRow:
    """A conversation whose title fits, or all of it."""

    id: UUID
    title: str
    updated_at: datetime
    is_archived: bool


@dataclass(frozen=True)
class MessageRow:
    """A message that fits; what was found in it stands between START and STOP."""

    id: UUID
    conversation_id: UUID
    title: str
    role: str
    created_at: datetime
    is_archived: bool
    snippet: str


async def find_titles(uow: UnitOfWork, wanted: Wanted, most: int) -> list[TitleRow]:
    """Conversations that the actor sees whose titles have all the words, latest first."""
    conversations, given = _conversations(wanted)
    titled = _titled(wanted.words, given)
    if not wanted.asks_messages:
        titled += _dated(wanted, given)
    statement = _FIND_TITLES.format(conversations=conversations, titled=titled)
    return await uow.rows(TitleRow, text(statement), given | {"account_id": uow.account_id, "most": most})


async def find_messages(
    uow: UnitOfWork, wanted: Wanted, authors: Sequence[Sequence[str]], shown: int
) -> list[MessageRow]:
    """Messages of conversations that the actor sees, the newest first. Of each of `authors` one mark must be there.

    `wanted.words` must not be empty, or something else must say what to look for.
    """
    conversations, given = _conversations(wanted)
    has_citations = "source" in wanted.holdings
    owners = [uow.account_id, *(row.id for row in await uow.rows(_Id, _OWNERS, {"account_id": uow.account_id}))]
    marks = [
        [f"@{owner}" for owner in owners],
        *authors,
        *([f"@{each}"] for each in wanted.holdings if each != "source"),
    ]
    given["marks"] = " & ".join("(" + " | ".join(f"'{mark}'" for mark in each) + ")" for each in marks)
    asked = {name: _asked(name, wanted.words, given) for name in _CONFIGURATIONS}
    is_marked = any(not word.is_excluded for word in wanted.words)
    statement = _FIND_MESSAGES.format(
        conversations=conversations,
        german=asked["german"],
        english=asked["english"],
        may=MAY["view"],
        cited=_CITED if has_citations else "",
        snippet=_snippet(wanted.words, given) if is_marked else f"left({_TEXT}, {_SNIPPET_LENGTH})",
    )
    given |= {
        "account_id": uow.account_id, "shown": shown, "most": _MOST_WITH_CITATIONS if has_citations else shown,
        "since_id": first_id_at(wanted.after) if wanted.after else None,
        "until_id": first_id_at(wanted.before) if wanted.before else None,
    }  # fmt: skip
    return await uow.rows(MessageRow, text(statement), given)


def _asked(configuration: str, words: Sequence[Word], given: dict[str, object]) -> str:
    """A tsquery: marks that the product has made, and each word as a bound value."""
    parts = ["CAST(:marks AS tsquery)", *(_query(configuration, n, word, given) for n, word in enumerate(words))]
    return " && ".join(parts)


def _snippet(words: Sequence[Word], given: dict[str, object]) -> str:
    """The text around what was found, in the language in which it was."""
    found = [(n, word) for n, word in enumerate(words) if not word.is_excluded]
    queries = {name: " && ".join(_query(name, n, word, given) for n, word in found) for name in _CONFIGURATIONS}
    given["headline"] = _HEADLINE
    shown = {
        name: f"ts_headline('message_{name}', {_TEXT}, {query}, :headline)" for name, query in queries.items()
    }  # fmt: skip
    is_german = f"to_tsvector('message_german', {_TEXT}) @@ ({queries['german']})"
    return f"CASE WHEN {is_german} THEN {shown['german']} ELSE {shown['english']} END"


def _query(configuration: str, number: int, word: Word, given: dict[str, object]) -> str:
    name = f"word_{number}"
    if word.is_prefix and not word.is_phrase:
        # Between quotes everything is a word, whatever signs it has.
        given[f"{name}_prefix"] = "'" + word.text.replace("\\", "").replace("'", "''") + "':*"
        query = f"to_tsquery('message_{configuration}', :{name}_prefix)"
    else:
        given[name] = word.text
        query = f"phraseto_tsquery('message_{configuration}', :{name})"
    return f"(!! {query})" if word.is_excluded else query


def _titled(words: Sequence[Word], given: dict[str, object]) -> str:
    conditions: list[str] = []
    for number, word in enumerate(words):
        given[f"title_{number}"] = word.text.casefold()
        found = f"strpos(lower(c.title), :title_{number}) {'=' if word.is_excluded else '>'} 0"
        conditions.append(f"AND {found}")
    return " ".join(conditions)


def _dated(wanted: Wanted, given: dict[str, object]) -> str:
    given |= {"after": wanted.after, "before": wanted.before}
    after = " AND c.updated_at >= :after" if wanted.after else ""
    return after + (" AND c.updated_at < :before" if wanted.before else "")


def _conversations(wanted: Wanted) -> tuple[str, dict[str, object]]:
    """The statement that says in which conversations is looked, and its values."""
    given: dict[str, object] = {}
    conditions: list[str] = []
    for number, tag in enumerate(wanted.tags):
        given[f"tag_{number}"] = tag
        conditions.append(
            f"AND EXISTS (SELECT FROM conversation_tag AS t WHERE t.conversation_id = c.id"
            f" AND t.account_id = :account_id AND t.name = :tag_{number})"
        )
    for number, folder in enumerate(wanted.folders):
        given[f"folder_{number}"] = folder
        conditions.append(
            f"AND c.folder_id IN (SELECT w.id FROM conversation_folder AS f JOIN conversation_folder AS w"  # noqa: S608
            f" ON f.id = ANY (w.path) WHERE strpos(lower(f.name), :folder_{number}) > 0 AND {MAY_VIEW_FOLDER})"
        )
    places: Mapping[str, str] = {
        "pinned": "AND v.pinned_at IS NOT NULL",
        "archived": "AND v.archived_at IS NOT NULL",
    }
    conditions += [places[place] for place in wanted.places]
    asked = " ".join(conditions)
    halves = [_CONVERSATIONS.format(whose=whose, conditions=asked) for whose in ("c.owner_id = :account_id", GIVEN)]
    return " UNION ALL ".join(halves), given
