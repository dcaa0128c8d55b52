// Texts too long to be drawn in one go: cut between their blocks, and drawn piece by piece while the page stays free.
import { createElement as h, memo, startTransition, useEffect, useState } from "react";

const LONGEST_WHOLE = 24_000;
// As much as is read and laid out within a task that nobody notices.
const PIECE = 2_000;
// A single line without an end, or code without one, is cut where it must be.
const LONGEST_BLOCK = 8_000;
// Code of this length is not Markdown any more: it is shown as it is, past the parser.
const LONGEST_PARSED_CODE = 40_000;
const LONGEST_TABLE = 60_000;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const CONTINUES = /^(?:[ \t>|]|[-*+] |\d{1,9}[.)] )/;
const DEFINITION = /^ {0,3}\[(?!\^)[^\]\n]{1,200}\]:\s*\S+.*$/;
const MOST_DEFINITIONS = 200;

/** Whether a line opens or closes code, given the fence that is open. */
function fenceAfter(line, open) {
  const found = FENCE.exec(line);
  if (!found) return open;
  if (!open) return found[1].startsWith("`") && found[2].includes("`") ? "" : found[1];
  return found[1].startsWith(open) && !found[2].trim() ? "" : open;
}

function cutLine(line) {
  const parts = [];
  for (let start = 0; start < line.length; ) {
    const space = line.lastIndexOf(" ", start + PIECE);
    const end = start + LONGEST_BLOCK >= line.length ? line.length : space > start ? space + 1 : start + PIECE;
    parts.push(line.slice(start, end));
    start = end;
  }
  return parts;
}

/** Takes a text line by line and gives its pieces: each of whole blocks, or one block of code. */
class Cutter {
  constructor() {
    Object.assign(this, { pieces: [], lines: [], size: 0, isContinued: false, open: "", code: null, isAfterBlank: true });
  }

  finish(continues = false) {
    if (this.lines.length) this.pieces.push({ text: this.lines.join("\n"), isContinued: this.isContinued });
    Object.assign(this, { lines: [], size: 0, isContinued: continues });
  }

  add(line) {
    this.lines.push(line);
    this.size += line.length + 1;
  }

  take(line) {
    const was = this.open;
    this.open = fenceAfter(line, was);
    if (was) return this.takeCode(line);
    if (this.open) return this.beginCode(line);
    const isBoundary = this.isAfterBlank && !CONTINUES.test(line);
    const longest = line.startsWith("|") ? LONGEST_TABLE : LONGEST_BLOCK;
    if ((this.size > PIECE && isBoundary) || this.size > longest) this.finish();
    this.isAfterBlank = !line.trim();
    // Footnotes lie apart from what names them, so both are shown as they are written.
    (line.length > LONGEST_BLOCK ? cutLine(line) : [line]).forEach((part, index) => {
      if (index) this.finish(true);
      this.add(part.replace(/\[\^/g, "\\[^"));
    });
  }

  beginCode(line) {
    if (this.size > PIECE) this.finish();
    const [language = "", ...meta] = line.replace(/^[ `~]+/, "").split(/\s+/);
    this.code = { language, meta: meta.join(" "), begin: this.lines.length, size: 0 };
    this.add(line);
  }

  takeCode(line) {
    this.add(line);
    this.code.size += line.length + 1;
    if (!this.open) this.endCode(true);
  }

  endCode(isClosed) {
    const { language, meta, begin, size } = this.code;
    if (size > LONGEST_PARSED_CODE) {
      const lines = this.lines.splice(begin).slice(1, isClosed ? -1 : undefined);
      this.finish();
      this.pieces.push({ code: { language, meta, code: lines.join("\n"), isClosed } });
    }
    this.code = null;
    this.isAfterBlank = true;
  }
}

/** Pieces of a text: `{ text, isContinued }` or `{ code }`; links that are defined elsewhere keep their aim. */
export function cut(text) {
  const cutter = new Cutter();
  const lines = text.split("\n");
  const definitions = lines.filter((line) => DEFINITION.test(line));
  lines.forEach((line) => cutter.take(line));
  if (cutter.open) cutter.endCode(false);
  cutter.finish();
  if (!definitions.length || definitions.length > MOST_DEFINITIONS) return cutter.pieces;
  const tail = `\n\n${definitions.join("\n")}`;
  return cutter.pieces.map((piece, index) => {
    if (!piece.text?.includes("]")) return piece;
    const fence = index === cutter.pieces.length - 1 && cutter.open;
    return { ...piece, text: `${piece.text}${fence ? `\n${fence}` : ""}${tail}` };
  });
}

export const isLong = (text) => text.length > LONGEST_WHOLE;

const whenFree = (work) => (window.requestIdleCallback ? window.requestIdleCallback(work, { timeout: 400 }) : setTimeout(work, 30));
const notAnyMore = (handle) => (window.cancelIdleCallback ? window.cancelIdleCallback(handle) : clearTimeout(handle));

/** Draws one piece after another, by `Prose` or `Code`. */
export const LongText = memo(function LongText({ text, Prose, Code }) {
  const [pieces, setPieces] = useState([]);
  const [count, setCount] = useState(0);
  useEffect(() => {
    setPieces(cut(text));
    setCount(2);
  }, [text]);
  useEffect(() => {
    if (count >= pieces.length) return undefined;
    // What a piece is made of is drawn in steps between which the page answers.
    const handle = whenFree(() => startTransition(() => setCount(count + 1)));
    return () => notAnyMore(handle);
  }, [count, pieces]);
  return h(
    "div",
    { className: "long-text", "aria-busy": count < pieces.length },
    pieces.slice(0, count).map((piece, index) =>
      h("div", { key: index, className: "long-piece", "data-continued": piece.isContinued || undefined }, piece.code ? h(Code, piece.code) : h(Prose, { text: piece.text })),
    ),
  );
});
