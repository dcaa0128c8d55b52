// What a block of code makes, beside the chat: a page or drawing in a frame that can reach nothing, or a document.
import { createElement as h, useMemo, useState } from "react";
import { useCopy } from "./clipboard.js";
import { Code, fileName } from "./code_block.js";
import { Markdown, useSurroundings } from "./markdown.js";
import { saveText, Surroundings, ToolButton, useWords } from "./surroundings.js";

const LANGUAGES = { html: "html", svg: "svg", document: "markdown" };
const TYPES = { html: "text/html", svg: "image/svg+xml", document: "text/markdown" };

function Tools({ text, kind, title, isCode, setCode }) {
  const word = useWords();
  const [copied, copy] = useCopy(text);
  const face = (value, drawing, name) =>
    h(ToolButton, {
      drawing, word: word(name), testId: value ? "artifact-code" : "artifact-preview", "aria-pressed": isCode === value,
      onClick: () => setCode(value),
    });
  const name = copied ? word("copied") : word("copy");
  const save = () => saveText(text, fileName(LANGUAGES[kind], `title="${title.replace(/"/g, "")}"`, text), TYPES[kind]);
  return h(
    "div",
    { className: "artifact-tools" },
    h("div", { role: "group", "aria-label": word("view"), className: "artifact-faces" }, face(false, "preview", "preview"), face(true, "code", "code")),
    h(ToolButton, { drawing: "download", name: word("download"), testId: "artifact-download", onClick: save }),
    h(ToolButton, { drawing: copied ? "done" : "copy", name, word: name, testId: "artifact-copy", onClick: copy }),
  );
}

/** The thing itself; `address` is where the frame gets it, by the reader's own rights. */
export function Artifact({ address, text, kind, title, labels }) {
  const [isCode, setCode] = useState(false);
  const surroundings = useSurroundings({ labels });
  const frame = useMemo(
    () =>
      h("iframe", {
        key: address, src: address, title, sandbox: "allow-scripts", referrerPolicy: "no-referrer", className: "artifact-frame",
        "data-testid": "artifact-frame",
      }),
    [address, title],
  );
  const preview = kind === "document" ? h(Markdown, { text, labels, className: "artifact-document" }) : frame;
  return h(
    Surroundings.Provider,
    { value: surroundings },
    h(Tools, { text, kind, title, isCode, setCode }),
    isCode
      ? h("div", { className: "prose artifact-source" }, h(Code, { language: LANGUAGES[kind], code: text, isClosed: true }))
      : preview,
  );
}
