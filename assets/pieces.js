// Cuts a long text between its blocks.

// As much as is read and laid out within a task that nobody notices; of a longer text its end, where people look.
export const LONGEST_WHOLE = 4_000;
const LONGEST_WITH_NOTES = 24_000;
const PIECE = 1_500;
// As much of a text is cut within a task that nobody notices.
export const STRETCH = 100_000;
// A single line without an end, or code without one, is cut where it must be.
const LONGEST_BLOCK = 4_000;
// Code of this length is not Markdown any more: it is shown as it is, past the parser.
const LONGEST_PARSED_CODE = 4_000;
// Tables stay whole up to here, as they are sorted and copied.
const LONGEST_TABLE = 40_000;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const CONTINUES = /^(?:[ \t>|]|[-*+] |\d{1,9}[.)] )/;
const DEFINITION = /^ {0,3}\[(?!\^)[^\]\n]{1,200}\]:\s*\S+.*$/;
const MOST_DEFINITIONS = 200;
const FOOTNOTE = /^ {0,3}\[\^[^\]\n]+\]:/m;
const RULE = /^\|[\s:|-]*-[\s:|-]*$/;

/** Whether a line opens or closes code, given the fence that is open. */
function fenceAfter(line, open) {
  const found = line.includes("``") || line.includes("~~") ? FENCE.exec(line) : null;
  if (!found) return open;
  if (!open) return found[1].startsWith("`") && found[2].includes("`") ? "" : found[1];
  return found[1].startsWith(open) && !found[2].trim() ? "" : open;
}

const withoutNotes = (line) => (line.includes("[^") ? line.replace(/\[\^/g, "\\[^") : line);

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

/** Takes a text line by line and gives its pieces: each of whole blocks, or one long block of code, or one long table. */
class Cutter {
  constructor() {
    Object.assign(this, { pieces: [], lines: [], size: 0, isContinued: false, open: "", code: null, isAfterBlank: true });
    this.table = null;
  }

  finish(continues = false) {
    this.endTable();
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
    if (line.startsWith("|")) return this.takeRow(line);
    this.endTable();
    const isBoundary = this.isAfterBlank && this.size > PIECE && !CONTINUES.test(line);
    // What is set in belongs to a line above it, from which it is parted only where there is no other way.
    const longest = /^\s/.test(line) ? LONGEST_BLOCK * 2 : LONGEST_BLOCK;
    if (isBoundary || this.size > longest) this.finish();
    this.isAfterBlank = !line.trim();
    // Footnotes lie apart from what names them, so both are shown as they are written.
    (line.length > LONGEST_BLOCK ? cutLine(line) : [line]).forEach((part, index) => {
      if (index) this.finish(true);
      this.add(withoutNotes(part));
    });
  }

  takeRow(line) {
    if (this.table?.size > LONGEST_TABLE) {
      const head = this.lines.slice(this.table.begin, this.table.begin + 2);
      this.finish();
      this.beginTable();
      head.forEach((each) => this.addRow(each));
    } else if (!this.table) {
      if (this.size > PIECE) this.finish();
      this.beginTable();
    }
    this.addRow(withoutNotes(line));
  }

  beginTable() {
    this.table = { begin: this.lines.length, size: 0 };
  }

  addRow(line) {
    this.add(line);
    this.table.size += line.length + 1;
    this.isAfterBlank = false;
  }

  endTable() {
    if (!this.table) return;
    const { begin, size } = this.table;
    this.table = null;
    if (size <= LONGEST_BLOCK || !RULE.test(this.lines[begin + 1])) return;
    const [head, rule, ...rows] = this.lines.splice(begin);
    this.finish();
    this.pieces.push({ table: { head: [head, rule], rows }, size });
  }

  beginCode(line) {
    this.endTable();
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
      this.pieces.push({ code: { language, meta, code: lines.join("\n"), isClosed }, size });
    }
    this.code = null;
    this.isAfterBlank = true;
  }
}

/**
 * Pieces of a text: `{ text, isContinued }`, `{ code }` or `{ table }`; links that are defined elsewhere keep their aim. It
 * rests after each stretch, and gives them at its end.
 */
export function* cutting(text) {
  const cutter = new Cutter();
  const definitions = [];
  let taken = 0;
  for (const line of text.split("\n")) {
    if (DEFINITION.test(line)) definitions.push(line);
    cutter.take(line);
    taken += line.length + 1;
    if (taken < STRETCH) continue;
    taken = 0;
    yield;
  }
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

/** All of them at once. */
export function cut(text) {
  const all = cutting(text);
  for (;;) {
    const { value, done } = all.next();
    if (done) return value;
  }
}

// A text with footnotes is drawn whole as long as that can be borne, as they would be lost between its pieces.
export const isLong = (text) => text.length > (FOOTNOTE.test(text) ? LONGEST_WITH_NOTES : LONGEST_WHOLE);
