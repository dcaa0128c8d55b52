"""What the provider says: quotations of numbered passages where the prompt has some, else plain or Markdown filler."""

import itertools
import re
import zlib
from collections.abc import Iterator, Mapping

from tests.provider.directives import Behaviour, without_directives

_PASSAGE = re.compile(
    r"^[ \t]*\[(\d{1,3})\][ \t]*(.*?)(?=^[ \t]*\[\d{1,3}\]|\n[ \t]*\n[ \t]*\n|\Z)", re.MULTILINE | re.DOTALL
)
_SENTENCE = re.compile(r"[^.!?]+[.!?]+")
_WORD = re.compile(r"\w{3,}")
_FILLER = (
    "The quick answer is that every part of the plan has been checked against the list of open points , and what "
    "remains is a short note for the people who will read it next week ."
).split()
_MARKDOWN = """## A heading

A paragraph with **bold words**, `inline code` and a [link](https://example.org/).

- first point
- second point
  - a nested one

| Item | Amount |
|---|---:|
| One | 1.50 |
| Two | 2.75 |

```python
def greet(name: str) -> str:
    return f"Hello, {name}"
```

Inline mathematics $a^2 + b^2 = c^2$ ends it.

"""


def answer_tokens(behaviour: Behaviour, messages: list[dict[str, str]], texts: Mapping[str, str]) -> list[str]:
    """The answer as the pieces that go over the wire; joined they are the whole text."""
    if behaviour.empty:
        return []
    if behaviour.said:
        return split_tokens(texts[behaviour.said])
    if behaviour.text:
        return split_tokens(behaviour.text)
    if behaviour.tokens:
        source = split_tokens(_MARKDOWN) if behaviour.markdown else [f"{word} " for word in _FILLER]
        return list(itertools.islice(itertools.cycle(source), behaviour.tokens))
    question = without_directives(messages[-1]["content"]) if messages else ""
    if behaviour.echo:
        return split_tokens(question or "Nothing was asked.")
    quoted = "" if behaviour.markdown else quote_passages(messages, question)
    return split_tokens(quoted or (_MARKDOWN if behaviour.markdown else f"You asked: {question}"))


def quote_passages(messages: list[dict[str, str]], question: str) -> str:
    """Up to three sentences of the prompt's numbered passages with their markers; empty without passages."""
    prompt = "\n\n\n".join(message["content"] for message in messages)
    last_line = question.splitlines()[-1] if question else ""
    wanted = {word.lower() for word in _WORD.findall(last_line)}
    found = [(match.group(1), sentence) for match in _PASSAGE.finditer(prompt) for sentence in _sentences(match[2])]
    ranked = sorted(found, key=lambda pair: -len(wanted & {word.lower() for word in _WORD.findall(pair[1])}))
    best: dict[str, str] = {}
    for number, sentence in ranked:
        if not (last_line and last_line in sentence):
            best.setdefault(number, sentence)
    return " ".join(f"{sentence} [{number}]" for number, sentence in list(best.items())[:3])


def split_tokens(text: str) -> list[str]:
    """Words with the white space after them, as a model's tokens roughly are."""
    return re.findall(r"\s*\S+\s?", text)


def hashed_vector(text: str, dimension: int) -> list[float]:
    """A vector of unit length from the text's words and their beginnings; like texts lie near each other."""
    vector = [0.0] * dimension
    for word in _WORD.findall(text.lower()):
        for part in (word, word[:5]):
            code = zlib.crc32(part.encode())
            vector[code % dimension] += 1.0 if code & 0x10000 else -1.0
    length = sum(value * value for value in vector) ** 0.5
    return [value / length for value in vector] if length else [1.0, *vector[1:]]


def _sentences(text: str) -> Iterator[str]:
    body = re.sub(r"\s+", " ", text).strip()
    for sentence in _SENTENCE.findall(body) or ([body] if body else []):
        yield sentence.strip()
