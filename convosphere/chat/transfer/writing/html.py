"""A conversation as one page of HTML: no script, nothing that is fetched, and every letter of a stranger's escaped."""

import base64
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from convosphere.chat.transfer.writing.blocks import Block, Run, blocks_of
from convosphere.chat.transfer.writing.transcript import Picture, Transcript, Turn

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_STYLE: Final = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c2024}"
    "h1{font-size:1.4rem}h2{font-size:1rem;margin:2rem 0 .2rem}h3,h4,h5,h6{font-size:1rem}"
    "time,.remark,.files{color:#60646c;font-size:.85rem}.question{background:#f0f0f3;"
    "border-radius:.75rem;padding:.6rem 1rem}"
    "pre{background:#f0f0f3;padding:.75rem;border-radius:.5rem;overflow-x:auto;white-space:pre-wrap}"
    "code{font-family:ui-monospace,monospace;font-size:.9em}blockquote{border-inline-start:3px solid #cdced6;margin:0;"
    "padding-inline-start:1rem}table{border-collapse:collapse}td,th{border:1px solid #cdced6;padding:.3rem .6rem}"
    "img{max-width:100%;height:auto}.item{margin:.2rem 0}a{color:#3a5bc7}"
    "@media(prefers-color-scheme:dark){body{background:#111113;color:#edeef0}.question,pre{background:#212225}"
    "time,.remark,.files{color:#b0b4ba}a{color:#9eb1ff}}"
)


def write_html(transcript: Transcript) -> bytes:
    """The document."""
    return "".join(_page(transcript)).encode()


def _page(transcript: Transcript) -> Iterator[str]:
    title = escape(transcript.title)
    yield f'<!doctype html>\n<html lang="{escape(transcript.locale)}"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body>"
    yield f'<h1 dir="auto">{title}</h1><time datetime="{transcript.begun:%Y-%m-%d}">{transcript.begun:%Y-%m-%d}</time>'
    for turn in transcript.turns:
        yield from _turn(turn, transcript.words.files)
    if transcript.notes:
        yield f'<hr><h2>{escape(transcript.words.sources)}</h2><ol class="notes">'
        for note in transcript.notes:
            yield f'<li id="note-{note.number}" value="{note.number}" dir="auto">{escape(note.text)}</li>'
        yield "</ol>"
    yield "</body></html>\n"


def _turn(turn: Turn, files_word: str) -> Iterator[str]:
    yield f'<article><h2 dir="auto">{escape(turn.speaker)}</h2>'
    yield f'<time datetime="{turn.moment.isoformat()}">{turn.moment:%Y-%m-%d %H:%M} UTC</time>'
    yield f'<div class="{"question" if turn.is_question else "answer"}" dir="auto">'
    if turn.files:
        yield f'<p class="files">{escape(files_word)}: {escape(", ".join(turn.files))}</p>'
    for picture in turn.pictures:
        yield _picture(picture)
    for block in blocks_of(turn.text):
        yield _block(block)
    if turn.remark:
        yield f'<p class="remark">{escape(turn.remark)}</p>'
    yield "</div></article>"


def _picture(picture: Picture) -> str:
    if not picture.path.is_file():
        return ""
    data = base64.b64encode(picture.path.read_bytes()).decode()
    return f'<p><img alt="{escape(picture.name)}" src="data:image/jpeg;base64,{data}"></p>'


def _block(block: Block) -> str:
    match block.kind:
        case "heading":
            level = min(block.level + 2, 6)
            return f"<h{level}>{_line(block.runs)}</h{level}>"
        case "item":
            style = f"margin-inline-start:{1.2 * block.depth:.1f}rem"
            return f'<p class="item" style="{style}">{escape(block.mark)} {_line(block.runs)}</p>'
        case "code":
            return f"<pre><code>{escape(block.runs[0].text)}</code></pre>"
        case "table":
            rows = (_row(row, "td" if number else "th") for number, row in enumerate(block.rows))
            return f"<table>{''.join(rows)}</table>"
        case "rule":
            return "<hr>"
        case _:
            paragraph = f"<p>{_line(block.runs)}</p>"
            return f"<blockquote>{paragraph}</blockquote>" if block.kind == "quote" else paragraph


def _row(cells: Sequence[Sequence[Run]], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{_line(cell)}</{tag}>' for cell in cells)}</tr>"


def _line(runs: Sequence[Run]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    if run.note:
        return f'<sup><a href="#note-{run.note}">{escape(run.text)}</a></sup>'
    text = escape(run.text).replace("\n", "<br>")
    for is_set, tag in ((run.is_code, "code"), (run.is_struck, "s"), (run.is_italic, "em"), (run.is_bold, "strong")):
        text = f"<{tag}>{text}</{tag}>" if is_set else text
    return f'<a href="{escape(run.href)}" rel="noopener noreferrer">{text}</a>' if run.href else text
