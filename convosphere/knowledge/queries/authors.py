"""Authors as they are written: "Lovelace, Ada" is "ada  lovelace" too."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, ColumnElement, String, bindparam, literal_column, text
from sqlmodel import col

from convosphere.knowledge.models import Document


def _words_of(name: str) -> str:
    """SQL of the words of a name, small and in one order."""
    words = rf"regexp_split_to_table(lower({name}), '\W+') AS word"
    return f"(SELECT string_agg(word, ' ' ORDER BY word) FROM {words} WHERE word <> '')"  # noqa: S608  # Of constants.


_SPELLINGS = f"""
    SELECT written.author FROM (SELECT DISTINCT author FROM document WHERE author <> '') AS written
    WHERE {_words_of("written.author")} IN (SELECT {_words_of("wanted.name")} FROM unnest(:authors) AS wanted (name))
"""  # noqa: S608  # Of constants.


def is_by(authors: Sequence[str]) -> ColumnElement[bool]:
    """True in SQL of documents by any of some authors, however their names are written."""
    # Looked for among the few names that there are, not document by document.
    wanted = bindparam("authors", list(authors), ARRAY(String), unique=True)
    return col(Document.author).in_(text(_SPELLINGS).bindparams(wanted).columns(author=String))


def author_words(column: str) -> ColumnElement[str]:
    """What all ways to write a name have in common; `column` is its name in SQL."""
    return literal_column(_words_of(column), String)
