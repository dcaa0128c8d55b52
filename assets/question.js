// A question as it stands in a conversation: its words, other words for it, and the way to those beside it.
import { createElement as h, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import ChevronLeft from "lucide-react/dist/esm/icons/chevron-left.mjs";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import { MessageAct } from "./message_act.js";
import { makeKey, outbox, shortened } from "./outbox.js";
import { usePlace } from "./place.js";
import { visible } from "./signs.js";

const fit = (field) => {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
};

/**
 * What is being written in place of a question, by its message: `{ words, above, isSent }`. The page may draw the
 * question anew at any time, such as after a lost connection, and no word may go with it.
 */
const edited = new Map();

/** What stands in the place of another question now was written there, and has arrived. */
function forgetArrived(message, above, text) {
  for (const [id, entry] of edited) {
    if (id !== message && entry.isSent && entry.above === above && entry.words.trim() === text.trim()) edited.delete(id);
  }
}

/** A field in place of words that were written before. Ctrl and Enter does the first act, Esc gives up. */
function WordsField({ text, label, acts, onWrite, onCancel, cancelLabel }) {
  const field = useRef(null);
  const [isEmpty, setEmpty] = useState(false);
  useEffect(() => {
    const { length } = field.current.value;
    field.current.focus();
    field.current.setSelectionRange(length, length);
    fit(field.current);
  }, []);
  const act = (run) => {
    const words = field.current.value;
    if (words.trim()) run(words);
  };
  function onKeyDown(event) {
    event.stopPropagation();
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      act(acts[0].run);
    }
  }
  return h(
    "div",
    { className: "words-editor" },
    h("textarea", {
      ref: field,
      className: "words-field",
      rows: 1,
      "data-testid": "message-edit-field",
      "aria-label": label,
      dir: "auto",
      defaultValue: text,
      onKeyDown,
      onChange: () => {
        fit(field.current);
        onWrite?.(field.current.value);
        setEmpty(!field.current.value.trim());
      },
    }),
    h(
      "div",
      { className: "acts words-acts" },
      h("button", { type: "button", className: "words-act", "data-testid": "message-edit-cancel", onClick: onCancel }, cancelLabel),
      ...acts
        .map(({ name, label: word, run, isFirst }) =>
          h(
            "button",
            {
              key: name,
              type: "button",
              className: isFirst ? "words-act words-act-first" : "words-act",
              "data-testid": name,
              disabled: isEmpty,
              onClick: () => act(run),
            },
            word,
          ),
        )
        .reverse(),
    ),
  );
}

/**
 * A question in its bubble, which turns into a field. What is written there goes with a key, so that two clicks keep it
 * once; where it is refused the field stays as it is.
 */
export function Question({ message, text, above, longest, labels, canEdit, refused, onEdit, children }) {
  const [isEditing, setEditing] = useState(() => edited.has(message));
  const [sent, setSent] = useState(null);
  const write = (words, isSent = false) => edited.set(message, { words, above, isSent });
  const close = () => {
    edited.delete(message);
    setEditing(false);
  };
  useEffect(() => forgetArrived(message, above, text), [message, above, text]);
  const opener = useRef(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !isEditing) opener.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  useEffect(() => {
    if (sent && refused?.key === sent) setSent(null);
  }, [sent, refused]);

  function leave(words, isAsked) {
    if (sent) return;
    if (words.trim() === text.trim() && !isAsked) {
      close();
      return;
    }
    write(words, true);
    const key = makeKey();
    setSent(key);
    onEdit(message, above, shortened(words, longest), key, isAsked);
  }
  // It goes with the message as soon as another one stands in its place; one that was not taken stays.
  useEffect(() => {
    if (!sent) return undefined;
    const timer = setTimeout(() => setSent(null), 10_000);
    return () => clearTimeout(timer);
  }, [sent]);

  if (isEditing) {
    return h(WordsField, {
      text: edited.get(message)?.words ?? text,
      label: labels.field,
      cancelLabel: labels.cancel,
      onWrite: write,
      onCancel: close,
      acts: [
        { name: "message-edit-save", label: labels.ask, isFirst: true, run: (words) => leave(words, true) },
        { name: "message-edit-only", label: labels.save, run: (words) => leave(words, false) },
      ],
    });
  }
  return h(
    "div",
    { className: "question-whole" },
    h("div", { className: "question-bubble", dir: "auto", "data-testid": "message-text" }, visible(text)),
    h(
      "div",
      { className: "message-acts question-acts" },
      canEdit &&
        h(MessageAct, {
          ref: opener,
          sign: "pencil",
          label: labels.edit,
          "data-testid": "message-edit",
          onClick: () => setEditing(true),
        }),
      children,
    ),
  );
}

// After leafing, the keys stay where they were: on the same arrow of the message that came.
let leafed = null;
const FRAMES = 20;

/** `‹ 2/3 ›`, by clicks and, once the focus is in it, by the arrow keys. */
export function BranchNav({ message, above, branch, labels, onSwitch }) {
  const nav = useRef(null);
  useEffect(() => {
    if (leafed?.to !== message) return;
    const [first, second] = leafed.isForward ? ["next", "prev"] : ["prev", "next"];
    leafed = null;
    const find = (side) => nav.current?.querySelector(`[data-testid=branch-${side}]:not(:disabled)`);
    // What is not drawn yet takes no focus.
    let frame = 0;
    const take = (left) => {
      const arrow = find(first) ?? find(second);
      arrow?.focus();
      if (left && document.activeElement !== arrow) frame = requestAnimationFrame(() => take(left - 1));
    };
    take(FRAMES);
    return () => cancelAnimationFrame(frame);
  }, [message]);
  if (branch.count < 2) return null;
  const go = (to, isForward) => {
    if (!to) return;
    leafed = { to, isForward };
    onSwitch(to, above);
  };
  const isRightToLeft = () => document.documentElement.dir === "rtl";
  function onKeyDown(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const isForward = (event.key === "ArrowRight") !== isRightToLeft();
    go(isForward ? branch.next : branch.previous, isForward);
  }
  const arrow = (side, label, to, isForward, sign) =>
    h(
      "button",
      {
        type: "button",
        className: "branch-arrow",
        "data-testid": `branch-${side}`,
        "aria-label": label,
        title: label,
        disabled: !to,
        onClick: () => go(to, isForward),
      },
      h(sign, { size: 16, "aria-hidden": true }),
    );
  return h(
    "span",
    { ref: nav, className: "branch-nav", role: "group", "aria-label": labels.group, onKeyDown },
    arrow("prev", labels.previous, branch.previous, false, ChevronLeft),
    h("span", { className: "branch-count", "data-testid": "branch-count" }, `${branch.number}/${branch.count}`),
    arrow("next", labels.next, branch.next, true, ChevronRight),
  );
}

/** What has left the field and is not taken yet. */
export function Sending({ label }) {
  const place = usePlace();
  const sent = useSyncExternalStore(outbox.subscribe, outbox.get, () => null);
  if (!sent || sent.place !== place || sent.isBack) return null;
  return h(
    "div",
    { className: "question", "data-testid": "message-sending", "data-role": "user", "data-status": "sending" },
    h("div", { className: "question-bubble question-pale", dir: "auto" }, visible(sent.text)),
    h("p", { className: "quiet question-note question-sending", role: "status" }, label),
  );
}

/** A question that waits for its turn: its words can be changed, it can go at once, or not at all. */
export function Queued({ queued, text, files, error, longest, labels, refused, onEdit, onRemove, onSend }) {
  const [isEditing, setEditing] = useState(false);
  const [words, setWords] = useState(text);
  const sent = useRef("");
  useLayoutEffect(() => setWords(text), [text]);
  // Words that were not taken stand in the field again, to be mended: nothing else has them.
  useEffect(() => {
    if (sent.current && refused?.key === sent.current) setEditing(true);
  }, [refused]);
  if (isEditing) {
    const save = (next) => {
      setWords(next);
      setEditing(false);
      sent.current = next === text ? "" : makeKey();
      if (sent.current) onEdit(queued, shortened(next, longest), sent.current);
    };
    const cancel = () => {
      setWords(text);
      setEditing(false);
    };
    return h(WordsField, {
      text: words,
      label: labels.field,
      cancelLabel: labels.cancel,
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
