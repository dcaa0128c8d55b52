// A field in place of words that were written before, such as those of a question.
import { createElement as h, useEffect, useId, useRef, useState } from "react";
import { useI18n } from "./i18n.js";
import { excess } from "./outbox.js";

const fit = (field) => {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
};

/**
 * Ctrl and Enter does the first act, Esc gives up. What is longer than it may be is said while it is written, and
 * cannot be kept until it is shorter; `problem` says why it was refused otherwise. It takes the focus, unless its words
 * are only recalled and the person may be elsewhere.
 */
export function WordsField({ text, labels, longest, problem = "", isRecalled = false, acts, onWrite, onCancel }) {
  const i18n = useI18n();
  const noteId = useId();
  const field = useRef(null);
  const [isEmpty, setEmpty] = useState(false);
  const [over, setOver] = useState(() => excess(text, longest));
  useEffect(() => {
    fit(field.current);
    if (isRecalled) return;
    const { length } = field.current.value;
    field.current.focus();
    field.current.setSelectionRange(length, length);
  }, []);
  const act = (run) => {
    const words = field.current.value;
    if (words.trim() && !excess(words, longest)) run(words);
  };
  function onKeyDown(event) {
    event.stopPropagation();
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      act(acts[0].run);
    }
  }
  const note = over ? labels.tooLong.replace("{count}", i18n.number(over)) : problem;
  return h(
    "div",
    { className: "words-editor" },
    h("textarea", {
      ref: field,
      className: "words-field",
      rows: 1,
      "data-testid": "message-edit-field",
      "aria-label": labels.field,
      "aria-invalid": Boolean(note),
      "aria-describedby": note ? noteId : undefined,
      dir: "auto",
      defaultValue: text,
      onKeyDown,
      onChange: () => {
        fit(field.current);
        onWrite(field.current.value);
        setEmpty(!field.current.value.trim());
        setOver(excess(field.current.value, longest));
      },
    }),
    note && h("p", { id: noteId, className: "question-note question-error", role: "status", "data-testid": "message-edit-note" }, note),
    h(
      "div",
      { className: "acts words-acts" },
      h("button", { type: "button", className: "words-act", "data-testid": "message-edit-cancel", onClick: onCancel }, labels.cancel),
      ...acts
        .map(({ name, label: word, run, isFirst }) =>
          h(
            "button",
            {
              key: name,
              type: "button",
              className: isFirst ? "words-act words-act-first" : "words-act",
              "data-testid": name,
              disabled: isEmpty || over > 0,
              onClick: () => act(run),
            },
            word,
          ),
        )
        .reverse(),
    ),
  );
}
