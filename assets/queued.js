// Questions that wait for their turn.
import { createElement as h, useEffect, useLayoutEffect, useState } from "react";
import { giveBack } from "./composer.js";
import { edited } from "./edited.js";
import { useI18n } from "./i18n.js";
import { makeKey } from "./outbox.js";
import { visible } from "./signs.js";
import { WordsField } from "./words_field.js";

const PATIENCE = 10_000;

/** Its words can be changed, it can go at once, or not at all. `place` is the conversation in which it waits. */
export function Queued({ queued, place, text, files, error, longest, labels, refused, onEdit, onRemove, onSend }) {
  const i18n = useI18n();
  const [isEditing, setEditing] = useState(() => edited.has(queued));
  const [words, setWords] = useState(text);
  const [sent, setSent] = useState("");
  const [problem, setProblem] = useState("");
  const write = (next, key = "") => edited.set(queued, { words: next, place, key });
  useLayoutEffect(() => {
    setWords(text);
    const entry = edited.get(queued);
    if (!entry?.key || entry.words.trim() !== text.trim()) return;
    edited.delete(queued);
    setSent("");
  }, [queued, text]);
  // Words that were not taken stand in the field again, to be mended: nothing else has them.
  useEffect(() => {
    if (!sent || refused?.key !== sent) return;
    setProblem(i18n.message(refused.error));
    setSent("");
    setEditing(true);
  }, [sent, refused]);
  useEffect(() => edited.onTaken((id) => id === queued && setEditing(false)), [queued]);
  useEffect(() => {
    if (!sent) return undefined;
    const timer = setTimeout(() => {
      setSent("");
      setEditing(true);
    }, PATIENCE);
    return () => clearTimeout(timer);
  }, [sent]);
  if (isEditing) {
    const close = () => {
      setProblem("");
      setEditing(false);
    };
    const cancel = () => {
      edited.delete(queued);
      setWords(text);
      close();
    };
    const save = (next) => {
      if (next.trim() === text.trim()) {
        cancel();
        return;
      }
      const key = makeKey();
      write(next, key);
      setWords(next);
      setSent(key);
      close();
      onEdit(queued, next, key);
    };
    return h(WordsField, {
      text: edited.get(queued)?.words ?? words,
      isRecalled: edited.get(queued)?.isOwn === false,
      labels,
      longest,
      problem,
      onWrite: write,
      onCancel: cancel,
      acts: [{ name: "queued-save", label: labels.save, isFirst: true, run: save }],
    });
  }
  const act = (name, label, run) =>
    h("button", { type: "button", className: "message-act", "data-testid": `queued-${name}`, onClick: run }, label);
  return h(
    "div",
    { className: "question-whole" },
    h("div", { className: "question-bubble question-pale", dir: "auto", "data-testid": "queued-text" }, visible(words)),
    files.length > 0 &&
      h(
        "ul",
        { className: "queued-files quiet", "aria-label": labels.files },
        files.map((name, index) => h("li", { key: index, dir: "auto", "data-testid": "queued-file" }, visible(name))),
      ),
    error && h("p", { className: "question-note question-error", role: "alert" }, error),
    h(
      "div",
      { className: "message-acts question-acts queued-acts" },
      h("span", { className: "quiet queued-word" }, labels.queued),
      act("edit", labels.edit, () => setEditing(true)),
      act("remove", labels.remove, () => onRemove(queued)),
      act("send", labels.now, () => onSend(queued)),
    ),
  );
}

/**
 * What was being written in place of a question that waits no more, since its turn came meanwhile or another tab removed
 * it, goes into the text box, with a word. `ids` are those that wait in `place`.
 */
export function LeftWords({ ids, place, refused, told }) {
  useEffect(() => {
    for (const [id, { words, place: origin, key }] of edited) {
      if (!place || origin !== place || ids.includes(id) || (key && refused?.key !== key)) continue;
      edited.delete(id);
      giveBack(words, told);
    }
  }, [ids, place, refused, told]);
  return null;
}
