"""Assistants to begin with: files beside the code, each complete in every language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from convosphere.assistants.errors import AssistantNotFoundError
from convosphere.assistants.schemas import CATEGORIES, Definition
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission

FOLDER: Final = Path(__file__).parent.parent / "templates"
FALLBACK_LOCALE: Final = "en"
_MANNERS = ("tone", "length", "address")
_READING = ("scope", "amount", "citations")
_WORDS = ("name", "description", "instructions", "starters")


@dataclass(frozen=True)
class Template:
    """A definition in each language."""

    key: str
    definitions: Mapping[str, Definition]

    def in_locale(self, locale: str) -> Definition:
        """The definition in a language; in English where there is none."""
        return self.definitions.get(locale, self.definitions[FALLBACK_LOCALE])


def list_templates(actor: Actor) -> list[tuple[str, Definition]]:
    """All of them by their keys, in the actor's language, in the order of categories and names."""
    require(actor, Permission.ASSISTANT_READ)
    found = [(key, template.in_locale(actor.locale)) for key, template in read_templates().items()]
    return sorted(found, key=lambda each: (CATEGORIES.index(each[1].category), each[1].name.casefold()))


def get_template(actor: Actor, key: str) -> Definition:
    """One of them in the actor's language.

    Raises:
        AssistantNotFoundError: there is no such template.
    """
    require(actor, Permission.ASSISTANT_READ)
    if key not in read_templates():
        raise AssistantNotFoundError
    return read_templates()[key].in_locale(actor.locale)


@cache
def read_templates() -> Mapping[str, Template]:
    """All of them by their keys, which are the names of their files."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def _read(path: Path) -> Template:
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    texts = {name: value for name, value in facts.items() if isinstance(value, dict)}
    return Template(path.stem, {locale: _definition(facts, words) for locale, words in texts.items()})


def _definition(facts: Mapping[str, Any], words: Mapping[str, Any]) -> Definition:
    return Definition.model_validate(
        {
            **{name: facts[name] for name in ("icon", "color", "category")},
            **{name: words[name] for name in _WORDS},
            "instructions": words["instructions"].strip(),
            "starters": [starter.strip() for starter in words["starters"]],
            "personality": {name: facts[name] for name in _MANNERS if name in facts},
            "knowledge": {name: facts[name] for name in _READING if name in facts},
        }
    )
