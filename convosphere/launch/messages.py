"""Catalogues of words: found in the source, merged into `locales/`, compiled for the server and for the browser.

    python -m convosphere messages extract    the template, locales/messages.pot
    python -m convosphere messages update     the template, then each language's .po
    python -m convosphere messages compile    .mo beside each .po, and a module each under assets/catalogues/

The English text is the key, so English itself needs no catalogue.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from convosphere.core.i18n import CATALOGUES, LOCALES

ROOT = CATALOGUES.parent
SOURCE_LOCALE = "en"
DOMAIN = "messages"
PROJECT = "ConvoSphere"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"t": None, "tn": (1, 2)}
TEMPLATE = CATALOGUES / f"{DOMAIN}.pot"
BROWSER = ROOT / "assets" / "catalogues"


def translated_locales() -> list[str]:
    """Languages that need a catalogue: all but the one the source is written in."""
    return [locale for locale in LOCALES if locale != SOURCE_LOCALE]


def catalogue_path(locale: str) -> Path:
    """Where the translations of a language are kept."""
    return CATALOGUES / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(locale: str) -> Catalog:
    """The translations of a language as they stand in its file."""
    with catalogue_path(locale).open("rb") as file:
        return read_po(file, locale=locale, domain=DOMAIN)


def collect() -> Catalog:
    """All marked texts of the package, with the files they stand in."""
    template = Catalog(project=PROJECT, domain=DOMAIN, charset="utf-8", fuzzy=False)
    source = ROOT / "convosphere"
    for filename, _line, text, comments, context in extract_from_dir(source, [("**.py", "python")], keywords=KEYWORDS):
        # Without line numbers a text that only moves leaves the catalogues as they are.
        location = (f"convosphere/{filename}", 0)
        template.add(text, locations=[location], auto_comments=comments, context=context)
    return template


def merge(locale: str, template: Catalog) -> Catalog:
    """The catalogue of a language brought up to the template: known translations kept, unused ones dropped.

    Nothing is guessed from similar texts: a new text is empty until somebody translates it.
    """
    if catalogue_path(locale).exists():
        catalogue = read_catalogue(locale)
    else:
        catalogue = Catalog(locale=locale, project=PROJECT, domain=DOMAIN, fuzzy=False)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment = "# Words of ConvoSphere. Made by `make messages`; the English text is the key."
    return catalogue


def serialise(catalogue: Catalog) -> bytes:
    """A catalogue as the text of a .po file, in a stable order and without the time of its making."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, include_lineno=False, omit_header=False)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_CHANGING_HEADERS)).encode()


def missing(catalogue: Catalog) -> list[str]:
    """Texts without a translation, or with a guessed one."""
    return [_key(message) for message in _messages(catalogue) if message.fuzzy or not _is_translated(message)]


def browser_module(catalogue: Catalog) -> str:
    """A catalogue as a JavaScript module: `texts` by English text, lists for plurals, and the rule between them."""
    texts = {
        _key(message): list(message.string) if isinstance(message.string, tuple) else message.string
        for message in _messages(catalogue)
        if _is_translated(message)
    }
    rule = catalogue.plural_expr
    return f"export default {{plural: (n) => Number({rule}), texts: {json.dumps(texts, ensure_ascii=False)}}};\n"


def extract() -> list[str]:
    """Write the template."""
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    template = collect()
    TEMPLATE.write_bytes(serialise(template))
    return [f"{len(template)} texts in {TEMPLATE.relative_to(ROOT)}"]


def update() -> list[str]:
    """Write the template and merge it into every language."""
    lines = extract()
    template = collect()
    for locale in translated_locales():
        path = catalogue_path(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = merge(locale, template)
        path.write_bytes(serialise(catalogue))
        lines.append(f"{len(missing(catalogue))} to translate in {path.relative_to(ROOT)}")
    return lines


def compile_catalogues() -> list[str]:
    """Write what the server and the browser read; unchanged files are left alone, so that builds stay cached."""
    lines = []
    for locale in translated_locales():
        catalogue = read_catalogue(locale)
        buffer = BytesIO()
        write_mo(buffer, catalogue)
        _write(catalogue_path(locale).with_suffix(".mo"), buffer.getvalue())
        _write(BROWSER / f"{locale}.js", browser_module(catalogue).encode())
        lines.append(f"{locale}: {len(catalogue)} texts")
    loaders = ", ".join(f'{locale}: () => import("./{locale}.js")' for locale in translated_locales())
    _write(BROWSER / "index.js", f"export const catalogues = {{{loaders}}};\n".encode())
    return lines


COMMANDS: dict[str, Callable[[], list[str]]] = {"extract": extract, "update": update, "compile": compile_catalogues}


def main(arguments: Sequence[str]) -> int:
    """Run one of `COMMANDS` and say what it did."""
    parser = argparse.ArgumentParser(prog="convosphere messages", description="Catalogues of words on screen.")
    parser.add_argument("command", choices=sorted(COMMANDS))
    command = COMMANDS[parser.parse_args(arguments).command]
    sys.stdout.writelines(f"{line}\n" for line in command())
    return 0


_CHANGING_HEADERS = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Report-Msgid')


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (tuple, list)) else message.id


def _is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def _write(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
