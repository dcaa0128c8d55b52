// What a person thinks of an answer: thumbs at once, reasons after a thumb down. Only the browser holds what is open.
import { createElement as h, useEffect, useId, useRef, useState } from "react";

const THUMB = "M7 10v11H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1Zm0 0 4-8a2.6 2.6 0 0 1 2.6 2.9L13 9h6a2 2 0 0 1 2 2.3l-1.3 8a2 2 0 0 1-2 1.7H7";

/** `given` is what is kept: `{rating, reasons, comment}`. */
export function Rating({ message, given, refused, reasons, longest, labels, onRate }) {
  const [own, setOwn] = useState(null);
  const [isOpen, setOpen] = useState(false);
  const down = useRef(null);
  const shown = own ?? given;

  useEffect(() => {
    if (refused?.message === message) setOwn(null);
  }, [refused, message]);

  function give(rating, chosen = [], comment = "") {
    setOwn({ rating, reasons: chosen, comment });
    onRate(message, rating, chosen, comment);
  }

  function onThumb(rating) {
    const next = shown.rating === rating ? "" : rating;
    give(next);
    setOpen(next === "down");
  }

  function close() {
    setOpen(false);
    down.current?.focus();
  }

  return h(
    "span",
    { className: "rating" },
    h(Thumb, { name: "up", label: labels.up, isOn: shown.rating === "up", onClick: () => onThumb("up") }),
    h(Thumb, { name: "down", label: labels.down, isOn: shown.rating === "down", button: down, onClick: () => onThumb("down") }),
    shown.rating === "down" &&
      !isOpen &&
      h(
        "button",
        { type: "button", className: "message-act", "data-testid": "feedback-open", onClick: () => setOpen(true) },
        shown.reasons.length || shown.comment ? labels.change : labels.why,
      ),
    isOpen &&
      h(Reasons, {
        given: shown,
        reasons,
        longest,
        labels,
        onCancel: close,
        onDone: (chosen, comment) => {
          give("down", chosen, comment);
          close();
        },
      }),
  );
}

function Thumb({ name, label, isOn, button, onClick }) {
  return h(
    "button",
    {
      ref: button,
      type: "button",
      className: "thumb",
      "data-testid": `message-${name}`,
      "aria-label": label,
      "aria-pressed": isOn,
      title: label,
      onClick,
    },
    h(
      "svg",
      { viewBox: "0 0 24 24", width: 16, height: 16, fill: isOn ? "currentColor" : "none", stroke: "currentColor", "aria-hidden": true },
      h("path", {
        d: THUMB,
        strokeWidth: 1.8,
        strokeLinejoin: "round",
        strokeLinecap: "round",
        transform: name === "down" ? "rotate(180 12 12)" : undefined,
      }),
    ),
  );
}

function Reasons({ given, reasons, longest, labels, onCancel, onDone }) {
  const [chosen, setChosen] = useState(given.reasons);
  const first = useRef(null);
  const comment = useRef(null);
  const id = useId();
  useEffect(() => first.current?.focus(), []);

  const toggle = (name) =>
    setChosen((names) => (names.includes(name) ? names.filter((other) => other !== name) : [...names, name]));

  function onKeyDown(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onCancel();
  }

  return h(
    "form",
    {
      className: "feedback-form",
      "data-testid": "feedback-form",
      "aria-labelledby": id,
      onKeyDown,
      onSubmit: (event) => {
        event.preventDefault();
        onDone(chosen, comment.current.value);
      },
    },
    h("p", { id, className: "feedback-title" }, labels.question),
    h(
      "div",
      { className: "feedback-reasons", role: "group", "aria-labelledby": id },
      reasons.map(({ name, label }, place) =>
        h(
          "button",
          {
            key: name,
            ref: place ? undefined : first,
            type: "button",
            className: "feedback-reason",
            "data-testid": "feedback-reason",
            "data-reason": name,
            "aria-pressed": chosen.includes(name),
            onClick: () => toggle(name),
          },
          label,
        ),
      ),
    ),
    h("textarea", {
      ref: comment,
      className: "feedback-comment",
      "data-testid": "feedback-comment",
      rows: 2,
      maxLength: longest,
      dir: "auto",
      defaultValue: given.comment,
      placeholder: labels.comment,
      "aria-label": labels.comment,
    }),
    h(
      "div",
      { className: "feedback-acts" },
      h("button", { type: "submit", className: "feedback-send", "data-testid": "feedback-send" }, labels.send),
      h("button", { type: "button", className: "message-act", onClick: onCancel }, labels.cancel),
    ),
  );
}
