// Shows a passage of a document, with the cited stretch of it marked: the browser's half of convosphere/ui/passage.py.
// Citations count characters of the stored text. Markdown is drawn as what it means, and the marks are found again by
// the places in the source that its parser leaves on every node.
import { createElement as h, useMemo } from "react";
import { renderSafely, useSurroundings } from "./markdown.js";
import { hidden } from "./signs.js";
import { Surroundings } from "./surroundings.js";

const INLINE = new Set(["a", "br", "code", "del", "em", "img", "input", "span", "strong", "sub", "sup"]);
// How far the next character of a text may be away in its source: behind marks, indents and escapes.
const SLACK = 16;
const ENTITY = /^&(?:#\w{1,8}|\w{2,24});/;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})[ \t]*(\S*)[^\n]*$/gm;

/** What a piece of Markdown lacks at its start when it was cut out of a table or a block of code. */
function openingOf(source) {
  const fences = [...source.matchAll(FENCE)];
  if (fences.length % 2 && !fences[0][1]) return "```\n";
  const [first, second = ""] = source.split("\n", 2);
  if (!/^\s*\|.*\|\s*$/.test(first) || /^[\s|:-]+$/.test(second)) return "";
  const cells = first.trim().slice(1, -1).split(/(?<!\\)\|/).length;
  return `${"| ".repeat(cells)}|\n${"|-".repeat(cells)}|\n`;
}

/** For each character of a text the place in the source that it comes from. */
function align(value, source, start) {
  let at = start;
  return Array.from({ length: value.length }, (_, index) => {
    const found = source.indexOf(value[index], at);
    if (found >= 0 && found - at <= SLACK) {
      at = found + 1;
      return found;
    }
    const entity = ENTITY.exec(source.slice(at, at + 26));
    const place = at;
    at += entity ? entity[0].length : 0;
    return place;
  });
}

/** Marks what the source says between two places: one mark in each block that they touch. */
class Marker {
  constructor(source, from, to) {
    Object.assign(this, { source, from, to, at: 0, marks: [] });
  }

  /** Go through the children of a block. */
  block(node) {
    const children = [];
    let open = null;
    this.at = node.position?.start.offset ?? this.at;
    for (const child of node.children) {
      if (child.type === "element" && (!INLINE.has(child.tagName) || node.tagName === "pre")) {
        open = null;
        if (node.tagName === "pre") this.skipFence(child);
        this.block(child);
        children.push(child);
        continue;
      }
      for (const [piece, isIn] of this.pieces(child)) {
        if (isIn === false) open = null;
        else if (isIn && !open) children.push((open = this.mark()));
        (open?.children ?? children).push(piece);
      }
    }
    node.children = children;
  }

  skipFence(node) {
    const start = node.position?.start.offset ?? this.at;
    const fence = /^ {0,3}(?:`{3,}|~{3,})[^\n]*\n/.exec(this.source.slice(start));
    this.at = start + (fence ? fence[0].length : 0);
    node.position = undefined;
  }

  /** An inline node in pieces, each with whether it is within; null where that says nothing, as of a line's end. */
  pieces(node) {
    if (node.type === "text") return this.text(node);
    if (!node.children?.length) return [[node, node.tagName === "br" ? null : this.isWithin(node)]];
    const groups = [];
    for (const child of node.children) {
      for (const [piece, isIn] of this.pieces(child)) {
        const last = groups.at(-1);
        if (last && (isIn === null || last.isIn === isIn)) last.children.push(piece);
        else groups.push({ isIn, children: [piece] });
      }
    }
    return groups.map(({ isIn, children }) => [{ ...node, children }, isIn]);
  }

  text(node) {
    if (!node.position && !node.value.trim()) return [[node, null]];
    const places = align(node.value, this.source, node.position?.start.offset ?? this.at);
    this.at = (places.at(-1) ?? this.at) + 1;
    const before = places.filter((place) => place < this.from).length;
    const after = places.filter((place) => place < this.to).length;
    const cuts = [[0, before, false], [before, after, true], [after, node.value.length, false]];
    return cuts
      .filter(([start, end]) => end > start)
      .map(([start, end, isIn]) => [{ type: "text", value: node.value.slice(start, end) }, isIn]);
  }

  isWithin(node) {
    const place = node.position?.start.offset ?? this.at;
    return place >= this.from && place < this.to;
  }

  mark() {
    const mark = { type: "element", tagName: "mark", properties: { className: ["passage-mark"] }, children: [] };
    this.marks.push(mark);
    return mark;
  }
}

const holds = (node, mark) => node === mark || Boolean(node.children?.some((child) => holds(child, mark)));

/** A plugin that marks, and gives all marks one handle: the mark itself, or what lies around all of them. */
function marking(marker) {
  return () => (tree) => {
    marker.block(tree);
    const { marks } = marker;
    if (marks.length === 1) marks[0].properties.dataTestid = "passage-highlight";
    if (marks.length < 2) return;
    const first = tree.children.findIndex((child) => holds(child, marks[0]));
    const last = tree.children.findIndex((child) => holds(child, marks.at(-1)));
    const children = tree.children.slice(first, last + 1);
    const properties = { className: ["passage-stretch"], dataTestid: "passage-highlight" };
    const around = { type: "element", tagName: "div", properties, children };
    tree.children.splice(first, children.length, around);
  };
}

/** Markdown drawn with its marks; null if what is to be marked leaves no trace, such as the target of a link. */
function draw(before, marked, after) {
  // Signs that turn the direction of what follows are shown as nothing, of the same length.
  const plain = (before + marked + after).replace(hidden, (sign) => "\u200b".repeat(sign.length));
  const opening = openingOf(plain);
  const from = opening.length + before.length;
  const marker = new Marker(opening + plain, from, from + marked.length);
  const drawn = renderSafely(opening + plain, { rehypePlugins: marked ? [marking(marker)] : [], citations: false });
  return marked && !marker.marks.length ? null : drawn;
}

export function Passage({ before = "", marked = "", after = "", markdown, className = "", labels }) {
  const drawn = useMemo(() => (markdown ? draw(before, marked, after) : null), [markdown, before, marked, after]);
  const surroundings = useSurroundings({ labels });
  if (drawn) {
    const prose = h("div", { className: `prose passage-prose ${className}`, dir: "auto" }, drawn);
    return h(Surroundings.Provider, { value: surroundings }, prose);
  }
  return h(
    "div",
    { className: `passage-text ${className}`, dir: "auto" },
    h("span", { className: marked ? "passage-around" : undefined }, before),
    marked && h("mark", { className: "passage-mark", "data-testid": "passage-highlight" }, marked),
    h("span", { className: "passage-around" }, after),
  );
}
