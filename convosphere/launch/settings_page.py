"""docs/settings.md, written from the settings' own fields."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from convosphere.core.settings import Settings
from convosphere.launch.processes import ROOT

PAGE = ROOT / "docs" / "settings.md"

_INTRODUCTION = """\
# Settings

Every setting comes from the environment or from a file `.env` in the checkout; the environment wins. A wrong one stops
the start with its name and the reason. This page is written by `python -m convosphere settings`.

| Setting | Default | What for |
|---|---|---|
"""


def main(_arguments: Sequence[str]) -> int:
    """Write the page."""
    PAGE.write_text(render())
    sys.stdout.write(f"{PAGE}\n")
    return 0


def render() -> str:
    """The page as Markdown."""
    return _INTRODUCTION + "".join(_row(field) for field in Settings.model_fields.values())


def _row(field: FieldInfo) -> str:
    limits = _limits(field)
    text = re.sub(r"\s+", " ", field.description or "").replace("|", "\\|")
    return f"| `{field.alias}` | {_default(field)} | {text}{f' {limits}' if limits else ''} |\n"


def _default(field: FieldInfo) -> str:
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    if value in ("", ()):
        return "empty"
    return f"`./{value}`" if isinstance(value, Path) else f"`{value}`"


def _limits(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return "One of " + ", ".join(f"`{choice}`" for choice in get_args(field.annotation)) + "."
    bounds = {
        name: getattr(rule, name) for rule in field.metadata for name in ("ge", "gt", "le") if hasattr(rule, name)
    }
    words = {"ge": "at least", "gt": "more than", "le": "at most"}
    text = ", ".join(f"{words[name]} {bound}" for name, bound in bounds.items())
    return f"{text[0].upper()}{text[1:]}." if text else ""
