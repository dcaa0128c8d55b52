"""What is expected of answers and can be looked up in them. Patterns and schemas of people cannot harm: see each."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, cast

from convosphere.core.i18n import Message, t
from convosphere.core.late_modules import LateModule
from convosphere.playground.errors import CaseRefusedError
from convosphere.playground.schemas import Check, Expectation, Verdict

if TYPE_CHECKING:
    import jsonschema
    import re2
    import referencing
    from jsonschema import validators
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator
    from referencing import exceptions as reference_exceptions
else:
    jsonschema, re2, validators = LateModule("jsonschema"), LateModule("re2"), LateModule("jsonschema.validators")
    referencing, reference_exceptions = LateModule("referencing"), LateModule("referencing.exceptions")

PATTERN_BYTES: Final = 1 << 20
"""Memory that a pattern may take; one that would take more is refused."""
MOST_PARTS: Final = 500
"""Parts of a schema with all that it refers to, each as often as it is referred to."""
LONGEST_JSON: Final = 20_000
_LONGEST_NUMBER: Final = 300
"""Signs of a number in an answer; a longer one is more than rules about numbers can reckon with."""
_FENCED: Final = re.compile(r"\A```(?:json)?[ \t]*\n(.*)\n```\Z", re.DOTALL)
# Where a part names another dialect, the library goes on with its own validator of that, whose patterns are Python's.
_REFUSED: Final = frozenset(
    {"$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$id", "$schema", "patternProperties"}
)  # fmt: skip


def check_expectation(expectation: Expectation) -> None:
    """Let nothing pass that could not be looked up.

    Raises:
        CaseRefusedError: it is no pattern or no schema, or one that would take too much.
    """
    if expectation.kind == "regex":
        _pattern(expectation.value)
    elif expectation.kind == "json_schema":
        _schema(expectation.value)


def look_up(answer: str, expectation: Expectation) -> Check:
    """Whether an answer is as expected; not for what a judge decides."""
    problem = _LOOKUPS[expectation.kind](answer, expectation.value)
    return Check.of(expectation, Verdict.FAILED if problem else Verdict.PASSED, problem)


def unfenced(text: str) -> str:
    """JSON without the fence that models like to put around it; only one around the whole text counts."""
    text = text.strip()
    fenced = _FENCED.match(text)
    return fenced[1] if fenced else text


def _contains(answer: str, wanted: str) -> Message | None:
    found = wanted.casefold() in answer.casefold()
    return None if found else t("The answer does not contain “{words}”.", words=wanted)


def _not_contains(answer: str, unwanted: str) -> Message | None:
    found = unwanted.casefold() in answer.casefold()
    return t("The answer contains “{words}”.", words=unwanted) if found else None


def _matches(answer: str, pattern: str) -> Message | None:
    found = _pattern(pattern).search(answer)
    return None if found else t("Nothing in the answer matches the pattern.")


def _fits(answer: str, schema: str) -> Message | None:
    text = unfenced(answer)
    if len(text) > LONGEST_JSON:
        return t("The answer is longer than {count} characters.", count=LONGEST_JSON)
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_read_number, parse_int=_read_integer)
    except (ValueError, RecursionError):
        return t("The answer is not JSON.")
    validator = _validator()(_schema(schema), registry=referencing.Registry())
    error = next(cast("Iterator[ValidationError]", validator.iter_errors(value)), None)
    if error is None:
        return None
    place = error.json_path
    return t("The answer does not fit the schema at {place}: {rule}.", place=place, rule=str(error.validator))


_LOOKUPS: Final[Mapping[str, Callable[[str, str], Message | None]]] = {
    "contains": _contains,
    "not_contains": _not_contains,
    "regex": _matches,
    "json_schema": _fits,
}


def _refuse(text: str) -> None:
    raise ValueError(text)


def _read_number(text: str) -> float:
    """To a schema 1.0 is the same as 1."""
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return int(number) if number.is_integer() else number


def _read_integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(text)
    return int(text)


def _pattern(text: str) -> Any:  # noqa: ANN401  # re2 has no types.
    """A pattern that takes time in proportion to the text, whatever it says (RE2), and little memory.

    Raises:
        CaseRefusedError: it is none, or takes too much.
    """
    options = re2.Options()
    options.max_mem, options.log_errors = PATTERN_BYTES, False
    try:
        return re2.compile(text, options)
    except re2.error as error:
        problem = error.args[0].decode(errors="replace") if error.args else ""
        raise CaseRefusedError(t("This is no pattern that can be used: {problem}", problem=problem)) from None


def _schema(text: str) -> Any:  # noqa: ANN401  # A schema is a record or a truth value.
    """A schema that reads nothing from elsewhere, never turns in circles and takes bounded time.

    Raises:
        CaseRefusedError: it is none, or not such a one.
    """
    try:
        schema = json.loads(text)
        jsonschema.Draft202012Validator.check_schema(schema)
        if isinstance(schema, dict):
            cast("dict[str, object]", schema).pop("$schema", None)  # Whatever it says, it is read as this one.
        left = _spend(schema, schema, MOST_PARTS, ())
    except (ValueError, jsonschema.SchemaError, RecursionError, reference_exceptions.Unresolvable):
        raise CaseRefusedError(t("This is no JSON schema.")) from None
    if left < 0:
        raise CaseRefusedError(t("This JSON schema is too large, or refers to itself or to other places."))
    return schema


def _spend(root: object, part: object, left: int, within: tuple[str, ...]) -> int:
    """What is left of the parts that a schema may have after this one; less than nothing for one that may not be."""
    left -= 1
    if left >= 0 and isinstance(part, list):
        for each in cast("list[object]", part):
            left = _spend(root, each, left, within)
    if left >= 0 and isinstance(part, dict):
        for name, value in cast("dict[str, object]", part).items():
            left = _spend_on(root, name, value, left, within)
    return left


def _spend_on(root: object, name: str, value: object, left: int, within: tuple[str, ...]) -> int:
    if name in _REFUSED:
        return -1
    if name == "pattern" and isinstance(value, str):
        _pattern(value)
    if name != "$ref" or not isinstance(value, str):
        return _spend(root, value, left, within)
    if value in within or not value.startswith("#/"):
        return -1
    return _spend(root, _resolve(root, value), left, (*within, value))


def _resolve(root: object, reference: str) -> object:
    for step in reference.removeprefix("#/").split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(root, dict) or name not in root:
            raise ValueError(reference)
        root = cast("dict[str, object]", root)[name]
    return root


def _check_pattern(_validator: object, pattern: str, value: object, _schema: object) -> "Iterator[ValidationError]":
    if isinstance(value, str) and not _pattern(pattern).search(value):
        yield jsonschema.ValidationError(f"does not match {pattern}")


def _check_unique(_validator: object, is_wanted: bool, value: object, _schema: object) -> "Iterator[ValidationError]":
    """The library compares each with each."""
    if is_wanted and isinstance(value, list):
        items = [json.dumps(each, sort_keys=True) for each in cast("list[object]", value)]
        if len(set(items)) < len(items):
            yield jsonschema.ValidationError("has an item twice")


@cache
def _validator() -> "type[Validator]":
    checks = {"pattern": _check_pattern, "uniqueItems": _check_unique}
    return validators.extend(jsonschema.Draft202012Validator, checks)
