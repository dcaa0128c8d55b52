// A question as it stands in a conversation: its words, other words for it, and the way to those beside it.
import { createElement as h, useEffect, useRef, useState, useSyncExternalStore } from "react";
import ChevronLeft from "lucide-react/dist/esm/icons/chevron-left.mjs";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import { edited, forgetArrived } from "./edited.js";
import { MessageAct } from "./message_act.js";
import { makeKey, outbox } from "./outbox.js";
import { usePlace } from "./place.js";
import { visible } from "./signs.js";
import { WordsField } from "./words_field.js";

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
  useEffect(() => edited.onTaken((id) => id === message && setEditing(false)), [message]);
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
    onEdit(message, above, words, key, isAsked);
  }
  // It goes with the message as soon as another one stands in its place; one that was not taken stays.
  useEffect(() => {
    if (!sent) return undefined;
    const timer = setTimeout(() => setSent(null), 10_000);
    return () => clearTimeout(timer);
  }, [sent]);

  if (isEditing && canEdit) {
    const entry = edited.get(message);
    return h(WordsField, {
      text: entry?.words ?? text,
      isRecalled: entry?.isOwn === false,
      longest,
      labels,
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
    h("div", { className: "question-whole" },
      h("div", { className: "question-bubble question-pale", dir: "auto" }, visible(sent.text)),
      h("p", { className: "quiet question-note question-sending", role: "status" }, label),
    ),
  );
}
