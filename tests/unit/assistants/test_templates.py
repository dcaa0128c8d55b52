"""Each template is whole in each language, and would be taken as it is."""

import pytest

from convosphere.answers.schemas import CitationPolicy
from convosphere.assistants.schemas import (
    CATEGORIES,
    COLORS,
    ICONS,
    LONGEST_DESCRIPTION,
    LONGEST_INSTRUCTIONS,
    LONGEST_NAME,
    LONGEST_STARTER,
    MOST_STARTERS,
    Definition,
)
from convosphere.assistants.service.prompts import unknown_variables
from convosphere.assistants.service.templates import FOLDER, Template, read_templates
from convosphere.core.i18n import LOCALE_NAMES

LEAST_INSTRUCTIONS = 400
each = pytest.mark.parametrize("template", read_templates().values(), ids=lambda template: template.key)


def test_there_are_fifteen() -> None:
    assert len(read_templates()) == len(list(FOLDER.glob("*.toml"))) >= 15


@each
def test_a_template_is_whole_in_every_language(template: Template) -> None:
    assert template.definitions.keys() == LOCALE_NAMES.keys()
    for definition in template.definitions.values():
        assert 0 < len(definition.name) <= LONGEST_NAME
        assert 0 < len(definition.description) <= LONGEST_DESCRIPTION
        assert LEAST_INSTRUCTIONS < len(definition.instructions) <= LONGEST_INSTRUCTIONS
        assert unknown_variables(definition.instructions) == []
        assert 3 <= len(definition.starters) <= MOST_STARTERS
        assert all(0 < len(starter) <= LONGEST_STARTER for starter in definition.starters)


@each
def test_languages_differ_in_words_alone(template: Template) -> None:
    words = {"name": "", "description": "", "instructions": "", "starters": ()}
    shapes = [definition.model_copy(update=words) for definition in template.definitions.values()]
    assert all(shape == shapes[0] for shape in shapes)
    texts = [_texts(definition) for definition in template.definitions.values()]
    assert all(len({*same}) == len(texts) for same in zip(*texts, strict=True)), "one text in two languages"


@each
def test_a_template_can_be_kept_as_it_is(template: Template) -> None:
    definition = template.in_locale("en")
    assert definition.icon in ICONS
    assert definition.color in COLORS
    assert definition.category in CATEGORIES
    assert (definition.model, definition.fallback, definition.knowledge.document_ids) == ("", "", ())
    assert definition.knowledge.scope != "chosen"
    if definition.knowledge.scope == "none":
        assert definition.knowledge.citations is not CitationPolicy.MUST_CITE


def test_names_are_told_apart() -> None:
    for locale in LOCALE_NAMES:
        names = [template.in_locale(locale).name for template in read_templates().values()]
        assert len({*names}) == len(names)


def test_another_language_gets_english() -> None:
    template = next(iter(read_templates().values()))
    assert template.in_locale("fr") == template.in_locale("en") != template.in_locale("de")


def _texts(definition: Definition) -> tuple[str, ...]:
    return (definition.description, definition.instructions, *definition.starters)
