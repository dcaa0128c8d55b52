// Diagrams that a model described: drawn by Mermaid, shown as a picture, in which nothing can run, load or be clicked.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useCopy } from "./clipboard.js";
import { lazily, saveText, ToolButton, useSeen, useWords } from "./surroundings.js";

const LONGEST = 20_000;
const library = lazily(async () => (await import("mermaid")).default);

const isDark = () => document.documentElement.classList.contains("dark");

function useIsDark() {
  const [dark, setDark] = useState(isDark);
  useEffect(() => {
    const watcher = new MutationObserver(() => setDark(isDark()));
    watcher.observe(document.documentElement, { attributeFilter: ["class"] });
    return () => watcher.disconnect();
  }, []);
  return dark;
}

// What a diagram may not say of itself: `%%{init: …}%%` could bring in styles, or turn the strictness off.
const FIXED = [
  "secure", "securityLevel", "startOnLoad", "maxTextSize", "maxEdges", "suppressErrorRendering", "htmlLabels",
  "themeCSS", "themeVariables", "fontFamily", "altFontFamily", "dompurifyConfig", "logLevel", "flowchart", "class",
];

const settings = (dark) => ({
  startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true, htmlLabels: false,
  flowchart: { htmlLabels: false }, class: { htmlLabels: false }, theme: dark ? "dark" : "neutral", maxTextSize: LONGEST,
  maxEdges: 400, fontFamily: "system-ui, sans-serif", secure: FIXED,
});

// Labels are words; the library writes them into an element to measure them, so no tag may reach it but a line's end.
const withoutTags = (source) => source.replace(/<(?!br\s*\/?>|[\w-]+>>)(?=[a-z!/?])/gi, "\u2039");

let count = 0;
let turn = Promise.resolve();

/** A picture of its own: parsed as words that nothing loads, written as XML with its size. */
function asPicture(drawn) {
  const svg = new DOMParser().parseFromString(drawn, "text/html").querySelector("svg");
  const [, , width, height] = (svg.getAttribute("viewBox") ?? "").split(/[\s,]+/).map(Number);
  svg.removeAttribute("style");
  if (width && height) {
    svg.setAttribute("width", Math.ceil(width));
    svg.setAttribute("height", Math.ceil(height));
  }
  return { svg: new XMLSerializer().serializeToString(svg), width, height };
}

// One after another: the library has one configuration and one place to measure in.
function draw(source, dark) {
  const drawing = turn.then(async () => {
    const mermaid = await library.load();
    mermaid.initialize(settings(dark));
    const { svg } = await mermaid.render(`diagram-${(count += 1)}`, withoutTags(source));
    return asPicture(svg);
  });
  turn = drawing.catch(() => {});
  return drawing;
}

const address = (svg) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

function usePicture(source, isWanted) {
  const dark = useIsDark();
  const [picture, setPicture] = useState(null);
  useEffect(() => {
    if (!isWanted) return undefined;
    let isHere = true;
    draw(source, dark).then(
      (drawn) => isHere && setPicture(drawn),
      () => isHere && setPicture({ failed: true }),
    );
    return () => {
      isHere = false;
    };
  }, [source, dark, isWanted]);
  return picture;
}

/** The diagram; its source where it cannot be drawn, or on request. `plain` shows the source with a note. */
export function Diagram({ source, plain }) {
  const word = useWords();
  const figure = useRef(null);
  const isSeen = useSeen(figure);
  const picture = usePicture(source, isSeen);
  const [isSource, setSource] = useState(false);
  const [copied, copy] = useCopy(source);
  if (picture?.failed) {
    return plain(h("p", { className: "code-note", "data-testid": "diagram-broken" }, word("brokenDiagram")));
  }
  const copyName = copied ? word("copied") : word("copy");
  return h(
    "figure",
    { className: "code diagram", ref: figure, "data-testid": "diagram", "data-drawn": Boolean(picture) },
    h(
      "figcaption",
      null,
      h("span", { className: "code-language", dir: "ltr" }, "mermaid"),
      h(ToolButton, {
        drawing: isSource ? "preview" : "code", name: word(isSource ? "diagram" : "diagramSource"), testId: "diagram-source",
        onClick: () => setSource(!isSource),
      }),
      picture &&
        h(ToolButton, {
          drawing: "download", name: word("download"), testId: "diagram-download",
          onClick: () => saveText(picture.svg, "diagram.svg", "image/svg+xml"),
        }),
      h(ToolButton, { drawing: copied ? "done" : "copy", name: copyName, word: copyName, testId: "code-copy", onClick: copy }),
    ),
    isSource || !picture
      ? h("pre", { tabIndex: 0, dir: "ltr" }, h("code", null, source))
      : h(
          "div",
          { className: "diagram-view", tabIndex: 0, role: "group", "aria-label": word("diagram") },
          h("img", { src: address(picture.svg), alt: `${word("diagram")}: ${source}`, width: picture.width, height: picture.height }),
        ),
  );
}
