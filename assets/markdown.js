// Shows Markdown that a model wrote: the browser's half of convosphere/ui/markdown.py.
// Nothing in it may run, load or reach anything: HTML stays text, pictures become links, links leave with their host
// named. Mathematics (78 kB) and colours for code (50 kB) are loaded when a text first needs them.
import { createContext, createElement as h, memo, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useCopy } from "./clipboard.js";
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import { Tooltip } from "@radix-ui/themes";

const CITATION = /^#cite-(.+)-(\d+)$/;
const HIGHLIGHT_PAUSE = 160;
export const Surroundings = createContext({ current: {} });

/** A library that is fetched once, by the first who needs it. */
function lazily(load) {
  let value;
  let pending;
  return {
    get: () => value,
    load: () => (pending ??= load().then((loaded) => (value = loaded))),
  };
}

const math = lazily(async () => {
  const [remark, rehype] = await Promise.all([
    import("remark-math"),
    import("rehype-katex"),
    import("katex/dist/katex.min.css"),
  ]);
  return { remark: remark.default, rehype: rehype.default };
});

const highlighter = lazily(async () => {
  const { common, createLowlight } = await import("lowlight");
  return createLowlight(common);
});

function useLazily(library, needed) {
  const [, wake] = useState(false);
  useEffect(() => {
    if (needed && !library.get()) library.load().then(() => wake(true));
  }, [library, needed]);
  return needed ? library.get() : undefined;
}

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

const textOf = (node) =>
  node?.value ?? node?.properties?.alt ?? (node?.children ?? []).map(textOf).join("");

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
  const { onCite, citations, sourceLabel = "{n}" } = useContext(Surroundings).current;
  const source = citations?.find((citation) => citation.n === n);
  const chip = h(
    "button",
    {
      type: "button",
      className: "citation",
      "data-testid": "citation",
      "data-n": n,
      "data-document-id": source?.document_id,
      "aria-label": sourceLabel.replace("{n}", n),
      onClick: () => onCite?.(messageId, n),
    },
    n,
  );
  return source?.label ? h(Tooltip, { content: source.label, delayDuration: 300, maxWidth: "360px" }, chip) : chip;
}

function Anchor({ node, href, children }) {
  if (node.properties.dataFootnoteBackref !== undefined) return null;
  const citation = href && CITATION.exec(href);
  if (citation) return h(Citation, { messageId: citation[1], n: Number(citation[2]) });
  return href ? h(ExternalLink, { href, words: textOf(node) }, children) : h("span", null, children);
}

function PictureAsLink({ src, alt }) {
  const words = alt || src || "";
  const url = src && safeURL(src);
  return url && !CITATION.test(url) ? h(ExternalLink, { href: url, words }, words) : h("span", null, words);
}

function CopyButton({ text }) {
  const { copyLabel, copiedLabel } = useContext(Surroundings).current;
  const [copied, copy] = useCopy(text);
  return h(
    "button",
    { type: "button", className: "code-copy", "data-testid": "code-copy", onClick: copy, "aria-live": "polite" },
    copied ? copiedLabel : copyLabel,
  );
}

// Colours wait until a text has stopped growing, so that a stream costs no more than plain text.
function useColours(code, language) {
  const [settled, setSettled] = useState(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(code), HIGHLIGHT_PAUSE);
    return () => clearTimeout(timer);
  }, [code]);
  const library = useLazily(highlighter, Boolean(language));
  return useMemo(() => {
    if (!library || settled !== code || !library.registered(language)) return code;
    return toJsxRuntime(library.highlight(language, code), { Fragment, jsx, jsxs });
  }, [library, settled, code, language]);
}

function CodeBlock({ node, children }) {
  const inner = node.children[0];
  const isMarked = inner?.children?.some((child) => child.type === "element");
  const code = textOf(inner).replace(/\n$/, "");
  const language = inner?.properties?.className?.find?.((name) => name.startsWith("language-"))?.slice(9) ?? "";
  const coloured = useColours(code, language);
  return h(
    "figure",
    { className: "code" },
    h("figcaption", null, h("span", { dir: "ltr" }, language), h(CopyButton, { text: code })),
    h("pre", { tabIndex: 0, dir: "ltr" }, isMarked ? children : h("code", null, coloured)),
  );
}

function Table({ children }) {
  const { tableLabel } = useContext(Surroundings).current;
  return h("div", { className: "prose-table", role: "region", tabIndex: 0, "aria-label": tableLabel }, h("table", null, children));
}

const heading = (level) => function Heading({ children }) {
  return h(`h${level}`, null, children);
};

// The page's own heading is the one h1; a model's begin below it.
const COMPONENTS = {
  a: Anchor,
  img: PictureAsLink,
  pre: CodeBlock,
  table: Table,
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

const BLOCKS = new Set(["root", "blockquote", "listItem", "footnoteDefinition"]);
const CODE = /(^ {0,3}(?:```|~~~)[\s\S]*?(?:^ {0,3}(?:```|~~~)\s*$|$(?![\s\S]))|`+[^`\n]+`+)/m;
export const hidden = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

// A dollar opens mathematics only where no price does: text right after it, text right before the closing one, and no
// digit behind that. The brackets are what most models write.
const asMath = (text) =>
  text
    .replace(/\\\[([\s\S]+?)\\\]/g, (_, inner) => `\n$$$$\n${inner.trim()}\n$$$$\n`)
    .replace(/\\\((.+?)\\\)/g, (_, inner) => `$$$$${inner.trim()}$$$$`)
    .replace(/(?<![\\$\w])\$(?![\s$])([^$\n]*?[^\s$\\])\$(?![\d$])/g, (_, inner) => `$$$$${inner}$$$$`);

export function prepare(text) {
  const parts = text.replace(hidden, "").split(CODE);
  return parts.map((part, index) => (index % 2 ? part : asMath(part))).join("");
}

const safeWithoutCitations = (url) => (CITATION.test(url) ? "" : safeURL(url));

/** Markdown as elements, by the rules of this file. Plain work, no hooks: what it gives can be kept. */
export const renderSafely = (source, { remarkPlugins = [], rehypePlugins = [], citations = true } = {}) =>
  ReactMarkdown({
    children: source,
    components: COMPONENTS,
    remarkPlugins: [remarkGfm, tagsAsText, ...remarkPlugins],
    rehypePlugins,
    urlTransform: citations ? safeURL : safeWithoutCitations,
  });

const remarkMathOptions = { singleDollarTextMath: false };
const katexOptions = { strict: "ignore", errorColor: "currentColor", maxSize: 20, maxExpand: 200 };

const Prose = memo(function Prose({ text }) {
  const source = useMemo(() => prepare(text), [text]);
  const mathematics = useLazily(math, source.includes("$$"));
  return useMemo(() => {
    const remarkPlugins = mathematics ? [[mathematics.remark, remarkMathOptions]] : [];
    const rehypePlugins = mathematics ? [[mathematics.rehype, katexOptions]] : [];
    return renderSafely(source, { remarkPlugins, rehypePlugins });
  }, [source, mathematics]);
});

export function Markdown({ text = "", className = "", ...surroundings }) {
  const held = useRef(surroundings);
  held.current = surroundings;
  // The labels are part of what is drawn; handlers and lists are read when they are needed.
  const { copyLabel, copiedLabel, sourceLabel, tableLabel, citations } = surroundings;
  const value = useMemo(
    () => ({ get current() { return held.current; } }),
    [copyLabel, copiedLabel, sourceLabel, tableLabel, citations],
  );
  return h(
    Surroundings.Provider,
    { value },
    h("div", { className: `prose ${className}`, dir: "auto" }, h(Prose, { text })),
  );
}
