// What a chat does without asking the server: writing, drafts, following the end of an answer, naming days.
import { createElement as h, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useI18n, useNow } from "./i18n.js";

const DRAFT = "convosphere.draft.";
const AT_BOTTOM = 48;
const DAY = 86_400_000;

const saveDraft = (place, text) => {
  if (text) localStorage.setItem(DRAFT + place, text);
  else localStorage.removeItem(DRAFT + place);
};

function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

/**
 * The box to write in. A message leaves it at once; should the server refuse it, the receipt says so and it comes back.
 * Each message carries a key, so that sending it twice stores it once.
 */
export function Composer({ place = "new", busy, stopping, receipt, labels, onSend, onStop, children }) {
  const field = useRef(null);
  const sent = useRef(null);
  const [isEmpty, setEmpty] = useState(true);

  const write = useCallback((text) => {
    field.current.value = text;
    fit(field.current);
    setEmpty(!text.trim());
  }, []);

  useEffect(() => {
    write(localStorage.getItem(DRAFT + place) ?? "");
    if (window.matchMedia("(pointer: fine)").matches) field.current.focus();
  }, [place, write]);

  useEffect(() => {
    if (!sent.current || receipt?.key !== sent.current.key) return;
    if (receipt.state === "refused" && !field.current.value) write(sent.current.text);
    else saveDraft(sent.current.place, "");
    sent.current = null;
  }, [receipt, write]);

  function send() {
    const text = field.current.value;
    if (!text.trim() || busy) return;
    sent.current = { key: crypto.randomUUID?.() ?? randomKey(), text, place };
    onSend(text, sent.current.key);
    write("");
    if (!window.matchMedia("(pointer: fine)").matches) field.current.blur();
  }

  function onKeyDown(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && busy) {
      event.preventDefault();
      onStop();
    }
  }

  return h(
    "form",
    {
      className: "composer",
      onSubmit: (event) => {
        event.preventDefault();
        send();
      },
    },
    h("textarea", {
      ref: field,
      rows: 1,
      className: "composer-field",
      "data-testid": "chat-input",
      "aria-label": labels.field,
      placeholder: labels.field,
      enterKeyHint: "send",
      onKeyDown,
      onChange: (event) => {
        fit(event.target);
        setEmpty(!event.target.value.trim());
        saveDraft(place, event.target.value);
      },
    }),
    h(
      "div",
      { className: "composer-row" },
      h("div", { className: "composer-tools" }, children),
      busy
        ? h(
            "button",
            {
              type: "button",
              className: "composer-act",
              "data-testid": "chat-stop",
              "aria-label": labels.stop,
              title: labels.stop,
              disabled: stopping,
              onClick: () => onStop(),
            },
            h("span", { className: "stop-square", "aria-hidden": true }),
          )
        : h(
            "button",
            {
              type: "submit",
              className: "composer-act",
              "data-testid": "chat-send",
              "aria-label": labels.send,
              title: labels.send,
              disabled: isEmpty,
            },
            h(
              "svg",
              { viewBox: "0 0 24 24", width: 18, height: 18, fill: "none", stroke: "currentColor", "aria-hidden": true },
              h("path", { d: "M12 19V5m-6 6 6-6 6 6", strokeWidth: 2.2, strokeLinecap: "round", strokeLinejoin: "round" }),
            ),
          ),
    ),
  );
}

// Browsers give randomUUID only to pages behind https or on localhost.
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Puts text into the composer, such as a question to start with. */
export function writeDraft(text) {
  const field = document.querySelector("[data-testid=chat-input]");
  if (!field) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/** Follows the end while the reader is there, lets go as soon as they scroll up, and offers the way back down. */
export function Transcript({ place, jumpLabel, label, children }) {
  const view = useRef(null);
  const isFollowing = useRef(true);
  const lastTop = useRef(0);
  const [isAway, setAway] = useState(false);

  const toEnd = useCallback((behavior = "instant") => {
    view.current.scrollTo({ top: view.current.scrollHeight, behavior });
  }, []);

  useLayoutEffect(() => {
    isFollowing.current = true;
    setAway(false);
    toEnd();
  }, [place, toEnd]);

  useEffect(() => {
    const grown = new ResizeObserver(() => isFollowing.current && toEnd());
    grown.observe(view.current.firstElementChild);
    grown.observe(view.current);
    return () => grown.disconnect();
  }, [toEnd]);

  function onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = view.current;
    // The text may have grown since we scrolled to its end, so being off the end says nothing; going up does.
    if (scrollHeight - scrollTop - clientHeight < AT_BOTTOM) isFollowing.current = true;
    else if (scrollTop < lastTop.current) isFollowing.current = false;
    lastTop.current = scrollTop;
    setAway(!isFollowing.current);
  }

  // A wheel or finger upwards lets go at once, even if the growing text moves the end meanwhile.
  const onWheel = (event) => {
    if (event.deltaY < 0) isFollowing.current = false;
  };

  return h(
    "div",
    { className: "transcript" },
    h(
      "div",
      { ref: view, className: "transcript-view", onScroll, onWheel, tabIndex: 0, role: "log", "aria-label": label },
      h("div", { className: "transcript-column" }, children),
    ),
    isAway &&
      h(
        "button",
        {
          type: "button",
          className: "jump-down",
          "data-testid": "jump-down",
          "aria-label": jumpLabel,
          title: jumpLabel,
          onClick: () => {
            isFollowing.current = true;
            toEnd(window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
          },
        },
        h(
          "svg",
          { viewBox: "0 0 24 24", width: 18, height: 18, fill: "none", stroke: "currentColor", "aria-hidden": true },
          h("path", { d: "M12 5v14m-6-6 6 6 6-6", strokeWidth: 2, strokeLinecap: "round", strokeLinejoin: "round" }),
        ),
      ),
  );
}

function group(moment, now, labels) {
  if (!moment) return "";
  const today = new Date(now);
  today.setHours(0, 0, 0, 0);
  const age = today.getTime() - new Date(moment).getTime();
  if (age <= 0) return labels.today;
  if (age <= DAY) return labels.yesterday;
  return age <= 7 * DAY ? labels.week : labels.older;
}

/** The name of a stretch of days, where one begins in a list that is ordered by time. */
export function DayGroup({ moment, previous, labels }) {
  const now = useNow();
  useI18n();
  const name = group(moment, now, labels);
  return name === group(previous, now, labels) ? null : h("h2", { className: "list-group" }, name);
}

/** A field in place of a title: Enter or leaving keeps it, Esc does not. */
export function TitleField({ value, label, onDone }) {
  const field = useRef(null);
  const isDone = useRef(false);
  useEffect(() => {
    field.current.focus();
    field.current.select();
  }, []);
  function end(text) {
    if (isDone.current) return;
    isDone.current = true;
    onDone(text);
  }
  return h("input", {
    ref: field,
    className: "title-field",
    "data-testid": "conversation-title",
    "aria-label": label,
    defaultValue: value,
    maxLength: 200,
    onBlur: (event) => end(event.target.value),
    onKeyDown: (event) => {
      event.stopPropagation();
      if (event.key === "Enter") end(event.currentTarget.value);
      if (event.key === "Escape") end("");
    },
  });
}

/** Copies what a message says, as it was written. */
export function CopyButton({ text, label, doneLabel }) {
  const [isDone, setDone] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  }
  return h(
    "button",
    { type: "button", className: "message-act", "data-testid": "message-copy", onClick: copy },
    isDone ? doneLabel : label,
  );
}
