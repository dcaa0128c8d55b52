"""A conversation as Markdown, with footnotes as most readers of it know them."""

import re

from convosphere.chat.transfer.writing.transcript import Transcript, Turn

_NOTE = re.compile(r"\[\d+\]\(#note-(\d+)\)")
_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")


def write_markdown(transcript: Transcript) -> bytes:
    """The document. What answers say stands in it as it was written."""
    lines = [f"# {_plain(transcript.title)}", "", f"{transcript.begun:%Y-%m-%d}", ""]
    for turn in transcript.turns:
        lines += _turn(turn, transcript.words.files)
    if transcript.notes:
        lines += ["---", "", f"## {transcript.words.sources}", ""]
        lines += [line for note in transcript.notes for line in (f"[^{note.number}]: {_plain(note.text)}", "")]
    return "\n".join(lines).encode()


def _turn(turn: Turn, files_word: str) -> list[str]:
    lines = [f"## {_plain(turn.speaker)}", "", f"*{turn.moment:%Y-%m-%d %H:%M} UTC*", ""]
    if turn.files:
        lines += [f"{files_word}: {', '.join(map(_plain, turn.files))}", ""]
    if turn.text:
        lines += [_NOTE.sub(r"[^\1]", turn.text), ""]
    return [*lines, f"> {_plain(turn.remark)}", ""] if turn.remark else lines


def _plain(text: str) -> str:
    """A text of one line that means nothing but itself."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
