// Shows Markdown that a model wrote: the browser's half of convosphere/ui/markdown.py.
// Nothing in it may run, load or reach anything: HTML stays text, foreign pictures become links, links leave with their
// host named. Mathematics, diagrams and colours for code are loaded when a text first needs them.
import {
  createElement as h, Fragment, memo, useCallback, useContext, useLayoutEffect, useMemo, useRef,
} from "react";
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { Tooltip } from "@radix-ui/themes";
import { Code, CodeBlock } from "./code_block.js";
import { textOf } from "./colours.js";
import { DataTable } from "./data_table.js";
import { LongTable } from "./long_table.js";
import { LongText } from "./long_text.js";
import { isLong } from "./pieces.js";
import { hidden } from "./signs.js";
import { whenIdle } from "./idle.js";
import { useI18n } from "$/public/i18n.js";
import { lazily, Surroundings, useLazily, useWords } from "./surroundings.js";

const CITATION = /^#cite-(.+)-(\d+)$/;
// Pictures that are part of the text itself; of a drawing as SVG only the words stay.
const INLINE_PICTURE = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=]+$/;

const math = lazily(async () => {
  const [remark, rehype] = await Promise.all([
    import("remark-math"),
    import("rehype-katex"),
    import("katex/dist/katex.min.css"),
  ]);
  return { remark: remark.default, rehype: rehype.default };
});

// Only addresses that lead out by name, and our own citations, are kept.
function safeURL(url) {
  if (CITATION.test(url)) return url;
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(url).protocol) ? url : "";
  } catch {
    return "";
  }
}

const hostOf = (url) => new URL(url).host || new URL(url).pathname;

// A link whose words name another address than the one it leads to says where it leads.
function misleads(words, url) {
  const named = words.match(/(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,})(?:[/:?#]|$)/i);
  return Boolean(named) && named[1].toLowerCase() !== hostOf(url).toLowerCase().replace(/:\d+$/, "");
}

function ExternalLink({ href, words, children }) {
  const host = hostOf(href);
  return h(
    "a",
    { href, title: host, target: "_blank", rel: "noopener noreferrer nofollow", className: "prose-link" },
    children,
    misleads(words, href) && h("span", { className: "prose-link-host" }, ` (${host})`),
  );
}

function Citation({ messageId, n }) {
  const { onCite, citations } = useContext(Surroundings).current;
  const { fullDay } = useI18n();
  const word = useWords();
  const source = citations?.find((citation) => citation.n === n);
  const chip = h(
    "button",
    {
      type: "button",
      className: "citation",
      "data-testid": "citation",
      "data-n": n,
      "data-document-id": source?.document_id,
      "aria-label": word("source", { n }),
      onClick: () => onCite?.(messageId, n),
    },
    n,
  );
  if (!source?.label) return chip;
  const { dated_on: dated, review_due_on: due } = source;
  const lines = [source.label, dated && word("dated", { day: fullDay(dated) }), due && word("reviewDue", { day: fullDay(due) })];
  const content = lines.filter(Boolean).map((line) => h("span", { key: line, className: "citation-line" }, line));
  return h(Tooltip, { content, delayDuration: 300, maxWidth: "360px" }, chip);
}

function Anchor({ node, href, children }) {
  if (node.properties.dataFootnoteBackref !== undefined) return null;
  const citation = href && CITATION.exec(href);
  if (citation) return h(Citation, { messageId: citation[1], n: Number(citation[2]) });
  return href ? h(ExternalLink, { href, words: textOf(node) }, children) : h("span", null, children);
}

/** Own pictures are shown, those of others would tell them who reads: they become a link that says so. */
function Picture({ src, alt }) {
  const word = useWords();
  if (src && INLINE_PICTURE.test(src)) return h("img", { src, alt: alt ?? "", className: "prose-picture", decoding: "async" });
  const url = src && safeURL(src);
  if (!url || CITATION.test(url)) return h("span", null, alt || src || "");
  const words = word("foreignPicture", { host: hostOf(url) });
  return h(ExternalLink, { href: url, words: hostOf(url) }, alt ? `${alt} (${words})` : words);
}

const heading = (level) => function Heading({ children }) {
  return h(`h${level}`, null, children);
};

// The page's own heading is the one h1; a model's begin below it.
const COMPONENTS = {
  a: Anchor,
  img: Picture,
  pre: CodeBlock,
  table: DataTable,
  input: ({ checked }) => h("span", { className: "task", "aria-hidden": true }, checked ? "☑" : "☐"),
  h1: heading(2),
  h2: heading(3),
  h3: heading(4),
  h4: heading(5),
  h5: heading(6),
  h6: heading(6),
};

/** HTML is shown as it is written, never run; `<br>` alone is meant: a new line within a cell of a table. */
function tagsAsText() {
  const visit = (node) => {
    node.children?.forEach((child, index) => {
      if (child.type !== "html") visit(child);
      else if (/^<br\s*\/?>$/i.test(child.value)) node.children[index] = { type: "break", position: child.position };
      else {
        const text = { type: "text", value: child.value, position: child.position };
        node.children[index] = BLOCKS.has(node.type) ? { type: "paragraph", children: [text] } : text;
      }
    });
  };
  return visit;
}

/** Says of code whether its end has come, which a diagram waits for. */
function endsOfCode() {
  const visit = (node, source) => {
    if (node.type === "code" && node.position) {
      const { start, end } = node.position;
      const isClosed = end.line > start.line && /(?:```|~~~)[ \t]*$/.test(source.slice(start.offset, end.offset));
      node.data = { ...node.data, hProperties: { ...node.data?.hProperties, dataClosed: isClosed ? "yes" : "no" } };
    }
    node.children?.forEach((child) => visit(child, source));
  };
  return (tree, file) => visit(tree, String(file));
}

/** A new line stays one: models write addresses, verses and greetings line by line. Documents are wrapped anywhere. */
function linesAsWritten() {
  const visit = (node) => {
    if (!node.children) return;
    node.children = node.children.flatMap((child) => {
      visit(child);
      if (child.type !== "text" || !child.value.includes("\n")) return [child];
      return child.value.split("\n").flatMap((value, index) => [...(index ? [{ type: "break" }] : []), { type: "text", value }]);
    });
  };
  return visit;
}

const BLOCKS = new Set(["root", "blockquote", "listItem", "footnoteDefinition"]);
const CODE = /(^ {0,3}(?:```|~~~)[\s\S]*?(?:^ {0,3}(?:```|~~~)\s*$|$(?![\s\S]))|(?<!`)`+[^`\n]+`+)/m;

// A dollar opens mathematics only where no price does: text right after it, text right before the closing one, and no
// digit behind that. The brackets are what most models write.
const asMath = (text) =>
  text
    .replace(/\\\[([\s\S]{1,4000}?)\\\]/g, (_, inner) => `\n$$\n${inner.trim()}\n$$\n`)
    .replace(/\\\((.{1,1000}?)\\\)/g, (_, inner) => `$$${inner.trim()}$$`)
    .replace(/(?<![\\$\w])\$(?![\s$])([^$\n]*?[^\s$\\])\$(?![\d$])/g, (_, inner) => `$$${inner}$$`);

export function prepare(text) {
  const parts = text.replace(hidden, "").split(CODE);
  return parts.map((part, index) => (index % 2 ? part : asMath(part))).join("");
}

const kept = (url, key, node) => (key === "src" && node.tagName === "img" && INLINE_PICTURE.test(url) ? url : safeURL(url));
const keptWithoutCitations = (url, key, node) => (CITATION.test(url) ? "" : kept(url, key, node));

/** Markdown as elements, by the rules of this file. Plain work, no hooks: what it gives can be kept. */
export const renderSafely = (source, { remarkPlugins = [], rehypePlugins = [], citations = true } = {}) =>
  ReactMarkdown({
    children: source,
    components: COMPONENTS,
    remarkPlugins: [remarkGfm, tagsAsText, endsOfCode, ...remarkPlugins],
    rehypePlugins,
    urlTransform: citations ? kept : keptWithoutCitations,
  });

// The first text of a page waits in one go until the parser is compiled: its first 1,300 characters took 61 ms of processor
// time, 41 after this, and 20 to 30 once all was warm.
const SAMPLE = "# A\n\n**b** *c* `d` [e](https://example.org)\n\n- f\n  - g\n\n1. h\n\n> i\n\n| j | k |\n|---|--:|\n| l | m |\n\n```n\no\n```\n";
if (typeof document !== "undefined") whenIdle(() => renderSafely(SAMPLE));

const remarkMathOptions = { singleDollarTextMath: false };
const katexOptions = { strict: "ignore", errorColor: "currentColor", maxSize: 20, maxExpand: 200 };

/** Gives how the elements of a text are made, with mathematics where there is some, and whether all for that is here. */
function useRenderer(hasMathematics) {
  const mathematics = useLazily(math, hasMathematics);
  const render = useCallback((source) => {
    const remarkPlugins = [linesAsWritten, ...(mathematics ? [[mathematics.remark, remarkMathOptions]] : [])];
    const rehypePlugins = mathematics ? [[mathematics.rehype, katexOptions]] : [];
    return renderSafely(source, { remarkPlugins, rehypePlugins });
  }, [mathematics]);
  return [render, !hasMathematics || Boolean(mathematics)];
}

// The blocks of the answer that grew last, `{ text, elements }` by their place. When it ends it is drawn as one text, and
// to parse all of it once more was 34 of the 57 ms that the page stood still then.
const grown = [];
const MOST_GROWN = 100;
// What is defined in one block and named in another is found in the whole text only, as is mathematics over several blocks.
const REACHES_OUT = /\[\^|\]:|\\\[/;

/** What is drawn of a text already, and the text that is left. */
function fromGrown(text) {
  const found = [];
  let rest = text;
  for (const block of REACHES_OUT.test(text) ? [] : grown) {
    const { length } = block?.text ?? "";
    if (!length || !rest.startsWith(block.text) || !["\n", undefined].includes(rest[length])) break;
    rest = rest.slice(length).replace(/^\n+/, "");
    found.push(block.elements, rest && "\n");
  }
  return { found, rest };
}

const Prose = memo(function Prose({ text }) {
  const source = useMemo(() => prepare(text), [text]);
  const [render] = useRenderer(source.includes("$$"));
  return useMemo(() => {
    const { found, rest } = fromGrown(text);
    return found.length ? h(Fragment, null, ...found, rest && render(prepare(rest))) : render(source);
  }, [text, source, render]);
});

/** A block of an answer that grows, which is kept as it was drawn. */
const GrowingProse = memo(function GrowingProse({ text, place }) {
  const source = useMemo(() => prepare(text), [text]);
  const [render, isReady] = useRenderer(source.includes("$$"));
  const elements = useMemo(() => render(source), [source, render]);
  useLayoutEffect(() => {
    if (place < MOST_GROWN) grown[place] = isReady ? { text, elements } : null;
  }, [text, place, elements, isReady]);
  return elements;
});

const Table = memo(function Table({ head, rows }) {
  const [draw] = useRenderer(useMemo(() => rows.some((row) => prepare(row).includes("$$")), [rows]));
  const render = useCallback((source) => draw(prepare(source)), [draw]);
  return h(LongTable, { head, rows, render });
});

/** The same surroundings for as long as what is drawn from them is the same; handlers are read when they are needed. */
export function useSurroundings({ labels, citations, ...handlers }) {
  const held = useRef(null);
  held.current = { labels, citations, ...handlers };
  const words = JSON.stringify(labels);
  return useMemo(() => ({ get current() { return held.current; } }), [words, citations]);
}

const PARTS = { Prose, Code, Table };

const sameWords = (one, other) => Object.keys(one).every((name) => one[name] === other[name]);

// Each beat of a stream comes to all blocks of the answer, of which only the last is another; handlers never change.
const isSame = (before, now) =>
  before.text === now.text && before.citations === now.citations && before.className === now.className &&
  sameWords(before.labels ?? {}, now.labels ?? {});

/** `place`: which block of an answer that grows the text is; undefined for what does not grow. */
export const Markdown = memo(function Markdown({ text = "", className = "", place, ...surroundings }) {
  const value = useSurroundings(surroundings);
  const whole = place === undefined ? h(Prose, { text }) : h(GrowingProse, { text, place });
  const shown = isLong(text) ? h(LongText, { text, parts: PARTS }) : whole;
  return h(Surroundings.Provider, { value }, h("div", { className: `prose ${className}`, dir: "auto" }, shown));
}, isSame);
