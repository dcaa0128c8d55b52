// A block of code: its colours, and what can be done with it.
import { createElement as h, Fragment, memo, useContext, useEffect, useMemo, useRef, useState } from "react";
import { jsx, jsxs } from "react/jsx-runtime";
import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { useCopy } from "./clipboard.js";
import { colourPieces, inPieces, textOf } from "./colours.js";
import { Diagram } from "./diagram.js";
import { lazily, saveText, Surroundings, ToolButton, useLazily, useSeen, useWords } from "./surroundings.js";
import { takeTurn } from "./turns.js";

const HIGHLIGHT_PAUSE = 160;
const LONGEST_COLOURED = 60_000;
const SHORTEST_DOCUMENT = 12;

const EXTENSIONS = {
  bash: "sh", batch: "bat", c: "c", clojure: "clj", cpp: "cpp", "c++": "cpp", csharp: "cs", "c#": "cs", css: "css",
  csv: "csv", dart: "dart", diff: "diff", dockerfile: "dockerfile", elixir: "ex", erlang: "erl", fortran: "f90",
  go: "go", golang: "go", graphql: "graphql", haskell: "hs", htm: "html", html: "html", ini: "ini", java: "java",
  javascript: "js", js: "js", json: "json", jsx: "jsx", julia: "jl", kotlin: "kt", latex: "tex", less: "less",
  lua: "lua", makefile: "mk", markdown: "md", md: "md", mermaid: "mmd", objectivec: "m", perl: "pl", php: "php",
  powershell: "ps1", ps1: "ps1", python: "py", py: "py", r: "r", ruby: "rb", rb: "rb", rust: "rs", rs: "rs",
  scala: "scala", scss: "scss", sh: "sh", shell: "sh", sql: "sql", svg: "svg", swift: "swift", tex: "tex",
  toml: "toml", tsx: "tsx", typescript: "ts", ts: "ts", vb: "vb", xml: "xml", yaml: "yaml", yml: "yaml", zsh: "sh",
};

const highlighter = lazily(async () => {
  const { common, createLowlight } = await import("lowlight");
  return createLowlight(common);
});

const NAMED = /(?:^|\s)(?:title|file|filename|name|path)\s*[=:]\s*(?:"([^"]+)"|'([^']+)'|(\S+))/i;
const COMMENTED = /^\s*(?:#|\/\/|--|;|%|\/\*|<!--)\s*([\w./\\ -]*[\w-]+\.[a-z]\w{0,9})\s*(?:\*\/|-->)?\s*$/i;
// Nothing that a system would take for a path, a device or a turn of direction.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff<>:"|?*\\/]/g;

/** The name to save code under: the one that stands beside or within it, or one after its language. */
export function fileName(language, meta, code) {
  const named = NAMED.exec(meta ?? "");
  const wish = named?.slice(1).find(Boolean) ?? COMMENTED.exec(code.slice(0, 200).split("\n", 1)[0])?.[1] ?? "";
  const name = wish.split(/[\\/]/).at(-1).replace(UNSAFE, "").replace(/^[. ]+|[. ]+$/g, "").slice(-80);
  return /\.\w+$/.test(name) ? name : `${name || "code"}.${EXTENSIONS[language.toLowerCase()] ?? "txt"}`;
}

/** What a block can be looked at as beside the chat; `chat.service.artifacts` decides by the same rules. */
export function artifactKind(language, code) {
  const name = language.toLowerCase();
  if (name === "html" || name === "htm") return "html";
  if (name === "svg" || (name === "xml" && /^\s*<svg[\s>]/i.test(code))) return "svg";
  const isLong = code.split("\n", SHORTEST_DOCUMENT).length === SHORTEST_DOCUMENT;
  return (name === "markdown" || name === "md") && isLong ? "document" : "";
}

const drawn = (nodes) => toJsxRuntime({ type: "root", children: nodes }, { Fragment, jsx, jsxs });

// Colours wait until a text has stopped growing, so that a stream costs no more than plain text.
function useColours(figure, code, pieces, language) {
  const [coloured, setColoured] = useState({ code: "", pieces: [] });
  const isSeen = useSeen(figure);
  const isWanted = Boolean(language) && isSeen && code.length <= LONGEST_COLOURED;
  const library = useLazily(highlighter, isWanted);
  useEffect(() => {
    if (!isWanted || !library?.registered(language)) return undefined;
    const colours = colourPieces(library, language, pieces);
    const done = [];
    let takeBack;
    const step = () => {
      const { value } = colours.next();
      done.push(drawn(value));
      setColoured({ code, pieces: [...done] });
      if (done.length < pieces.length) wait();
    };
    const wait = () => {
      takeBack = takeTurn(figure.current, step);
    };
    const timer = setTimeout(wait, HIGHLIGHT_PAUSE);
    return () => {
      clearTimeout(timer);
      takeBack?.();
    };
  }, [figure, code, pieces, language, isWanted, library]);
  return coloured.code === code ? coloured.pieces : [];
}

const CodePiece = memo(function CodePiece({ text, coloured }) {
  const style = { "--lines": text.split("\n").length };
  return h("span", { className: "code-piece", style }, coloured ?? text.replace(/\n$/, ""));
});

/** The code itself, with those colours that it has already. */
function Lines({ figure, code, language }) {
  const pieces = useMemo(() => inPieces(code), [code]);
  const coloured = useColours(figure, code, pieces, language);
  if (pieces.length < 2) return h("code", null, coloured[0] ?? code);
  return h("code", null, pieces.map((text, index) => h(CodePiece, { key: index, text, coloured: coloured[index] })));
}

function CopyCode({ text }) {
  const word = useWords();
  const [copied, copy] = useCopy(text);
  const name = copied ? word("copied") : word("copy");
  return h(ToolButton, {
    drawing: copied ? "done" : "copy", name, word: name, testId: "code-copy", onClick: copy, "aria-live": "polite",
  });
}

/** Which of the message's blocks that can be looked at it is, counted as they are shown. */
const numberOf = (element, message) => [...message.querySelectorAll("[data-artifact]")].indexOf(element);

function OpenArtifact({ figure }) {
  const word = useWords();
  const { onArtifact } = useContext(Surroundings).current;
  const open = () => {
    const message = figure.current.closest("[data-message-id]");
    if (message) onArtifact(message.dataset.messageId, numberOf(figure.current, message));
  };
  return h(ToolButton, { drawing: "preview", word: word("preview"), testId: "artifact-open", onClick: open });
}

/** Code as it stands in a message, or a diagram that it describes. */
export function CodeBlock({ node, children }) {
  const inner = node.children[0];
  const code = textOf(inner).replace(/\n$/, "");
  const language = inner?.properties?.className?.find?.((name) => name.startsWith("language-"))?.slice(9) ?? "";
  const isClosed = inner?.properties?.dataClosed === "yes";
  const shown = { language, code, meta: inner?.data?.meta, isClosed };
  const isMarked = inner?.children?.some((child) => child.type === "element");
  if (language === "mermaid" && isClosed && !isMarked) {
    return h(Diagram, { source: code, plain: (note) => h(Code, { ...shown, note }) });
  }
  return h(Code, { ...shown, marked: isMarked ? children : null });
}

/** Code with what can be done with it. */
export function Code({ language, code, meta, isClosed, marked = null, note = null }) {
  const word = useWords();
  const { onArtifact } = useContext(Surroundings).current;
  const figure = useRef(null);
  const [isWrapped, setWrapped] = useState(false);
  const kind = artifactKind(language, code);
  const save = () => saveText(code, fileName(language, meta, code));
  return h(
    "figure",
    { className: "code", ref: figure, "data-artifact": kind || undefined },
    h(
      "figcaption",
      null,
      h("span", { className: "code-language", dir: "ltr" }, language),
      kind && isClosed && onArtifact && h(OpenArtifact, { figure }),
      h(ToolButton, {
        drawing: "wrap", name: word("wrap"), testId: "code-wrap", "aria-pressed": isWrapped,
        onClick: () => setWrapped(!isWrapped),
      }),
      h(ToolButton, { drawing: "download", name: word("download"), testId: "code-download", onClick: save }),
      h(CopyCode, { text: code }),
    ),
    note,
    h(
      "pre",
      { tabIndex: 0, dir: "ltr", "data-wrapped": isWrapped || undefined },
      marked ?? h(Lines, { figure, code, language }),
    ),
  );
}
