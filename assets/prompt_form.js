// A prompt on its way into the composer: its gaps are asked for first.
import { createElement as h, useEffect, useRef, useState } from "react";
import { GapFields, beginnings, fillGaps } from "./gaps.js";
import { useI18n } from "./i18n.js";

const DONE = "convosphere.prompt.done";

// What was taken before a page was left, or loaded again, is not asked for once more.
const isDone = (key) => sessionStorage.getItem(DONE) === key;

/** `taken` is `{key, name, text, variables}`; `onInsert` gets the text once it is whole. */
export function PromptForm({ taken, labels, onInsert }) {
  const dialog = useRef(null);
  const { locale } = useI18n();
  const [asked, setAsked] = useState(null);
  const [values, setValues] = useState({});
  useEffect(() => {
    if (!taken?.key || isDone(taken.key)) return;
    sessionStorage.setItem(DONE, taken.key);
    if (taken.variables.length === 0) return void onInsert(taken.text);
    setValues(beginnings(taken.variables));
    setAsked(taken);
  }, [taken, onInsert]);
  useEffect(() => {
    if (asked) dialog.current.showModal();
  }, [asked]);
  if (!asked) return null;

  const end = () => setAsked(null);
  function insert(event) {
    event.preventDefault();
    const text = fillGaps(asked.text, asked.variables, values, locale);
    // While it is open, nothing behind it takes part.
    dialog.current.close();
    end();
    onInsert(text);
  }
  return h(
    "dialog",
    { ref: dialog, className: "prompt-dialog", "aria-labelledby": "prompt-dialog-title", "data-testid": "prompt-form", onClose: end },
    h("form", { onSubmit: insert }, [
      h("h2", { key: "title", id: "prompt-dialog-title", className: "section-title", dir: "auto" }, asked.name),
      h("div", { key: "fields", className: "prompt-dialog-fields" },
        h(GapFields, { variables: asked.variables, values, onChange: setValues, idPrefix: "gap", labels })),
      h("div", { key: "acts", className: "dialog-acts" }, [
        h("button", { key: "no", type: "button", className: "plain-button", onClick: end }, labels.cancel),
        h("button", { key: "yes", type: "submit", className: "plain-button main-button", "data-testid": "prompt-insert" }, labels.insert),
      ]),
    ]),
  );
}
