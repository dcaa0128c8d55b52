// Shows the text of a file by its kind, with the passage marked that led to it.
import { createElement as h, useEffect, useMemo, useRef } from "react";
import { Code } from "./code_block.js";
import { lettersOf, stretchesIn } from "./letters.js";
import { useSurroundings } from "./markdown.js";
import { Passage } from "./passage.js";
import { Surroundings } from "./surroundings.js";

const MARKS = "cited"; // As in assets/preview.css.
const MARGIN = 120; // Pixels above a passage in code.

/** What stands before, in and behind a passage; all of it before, where it is not found. */
function parted(text, passage) {
  const { letters, places } = lettersOf(text);
  const [found] = passage ? stretchesIn(letters, passage) : [];
  if (!found) return { before: text };
  const [start, end] = [places[found[0]], places[found[1] - 1] + 1];
  return { before: text.slice(0, start), marked: text.slice(start, end), after: text.slice(end) };
}

/** The passage within an element, over whatever pieces it is drawn in. */
function rangeIn(element, passage) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const all = [];
  let letters = "";
  while (walker.nextNode()) {
    const found = lettersOf(walker.currentNode.data);
    for (const place of found.places) all.push([walker.currentNode, place]);
    letters += found.letters;
  }
  const [found] = stretchesIn(letters, passage);
  if (!found) return null;
  const range = new Range();
  range.setStart(...all[found[0]]);
  const [last, place] = all[found[1] - 1];
  range.setEnd(last, place + 1);
  return range;
}

/** Scrolls what a range lies in, so that it stands below the page's head. */
function leadTo(range) {
  const scrolls = (box) => box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY);
  let box = range.startContainer.parentElement;
  while (box && !scrolls(box)) box = box.parentElement;
  const start = box?.getBoundingClientRect().top ?? 0;
  (box ?? document.scrollingElement).scrollTop += range.getBoundingClientRect().top - start - MARGIN;
}

/** Marks a passage in code, whose pieces are drawn anew when its colours come; a browser without such marks has none. */
function useMarkedCode(root, passage) {
  useEffect(() => {
    const code = passage && root.current?.querySelector("pre code");
    if (!code) return undefined;
    let range = null;
    const mark = () => {
      if (range?.startContainer.isConnected && range.endContainer.isConnected && !range.collapsed) return;
      range = rangeIn(code, passage);
      if (range) globalThis.CSS.highlights?.set(MARKS, new Highlight(range));
    };
    mark();
    if (range) leadTo(range);
    const watcher = new MutationObserver(mark);
    watcher.observe(code, { childList: true, subtree: true });
    return () => {
      watcher.disconnect();
      globalThis.CSS.highlights?.delete(MARKS);
    };
  }, [root, passage]);
}

/** Leads to the mark once it is drawn. */
function useLead(root, passage) {
  useEffect(() => {
    if (passage) root.current?.querySelector("mark")?.scrollIntoView({ block: "center" });
  }, [root, passage]);
}

export function Words({ text, isCut, kind, file, isCode, passage = "", labels }) {
  const root = useRef(null);
  const surroundings = useSurroundings({ labels });
  return h(
    Surroundings.Provider,
    { value: surroundings },
    h(
      "div",
      { className: "preview-text", ref: root, "data-testid": "preview-text" },
      isCode ? h(CodeOfFile, { root, text, file, passage }) : h(Prose, { root, text, kind, passage, labels }),
    ),
    isCut && h("p", { className: "quiet preview-more" }, labels.cut),
  );
}

function CodeOfFile({ root, text, file, passage }) {
  useMarkedCode(root, passage);
  return h("div", { className: "prose" }, h(Code, { language: file.split(".").at(-1).toLowerCase(), code: text, isClosed: true }));
}

function Prose({ root, text, kind, passage, labels }) {
  const { before, marked, after } = useMemo(() => parted(text, passage), [text, passage]);
  useLead(root, passage);
  if (kind === "markdown") return h(Passage, { before, marked, after, markdown: true, labels });
  const mark = marked && h("mark", { className: "passage-mark", "data-testid": "passage-highlight" }, marked);
  return h("pre", { className: "preview-plain", tabIndex: 0, dir: "auto" }, before, mark, after);
}
