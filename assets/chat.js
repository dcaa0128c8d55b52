// What a chat does without asking the server: writing, drafts, following the end of an answer, copying.
import { createElement as h, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useCopy } from "./clipboard.js";

const DRAFT = "convosphere.draft.";
const AT_BOTTOM = 48;

const readDraft = (place) => localStorage.getItem(DRAFT + place) ?? "";

function saveDraft(place, text) {
  try {
    if (text) localStorage.setItem(DRAFT + place, text);
    else localStorage.removeItem(DRAFT + place);
  } catch {
    // The browser's room is used up: the text stays in its field, but a reload forgets it.
  }
}

const together = (...texts) => texts.filter(Boolean).join("\n\n");

// The server refuses what is longer and needs not see all of it: a frame of a megabyte would end the connection.
const shortened = (text, longest) =>
  text.length > longest ? Array.from(text).slice(0, longest + 1).join("") : text;

function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

/**
 * The box to write in. A message leaves it at once; should the server refuse it, the receipt says so and it comes back.
 * Each message carries a key, so that sending it twice stores it once.
 */
export function Composer({ place = "new", longest, busy, stopping, receipt, labels, onSend, onStop, children }) {
  const field = useRef(null);
  const sent = useRef(null);
  const latestReceipt = useRef(receipt);
  latestReceipt.current = receipt;
  const [isEmpty, setEmpty] = useState(true);

  const write = useCallback((text) => {
    field.current.value = text;
    fit(field.current);
    setEmpty(!text.trim());
  }, []);

  useEffect(() => {
    const { key, state } = latestReceipt.current ?? {};
    // What was written since a question began this conversation goes with it.
    if (sent.current?.place === "new" && sent.current.key === key && state === "taken") {
      saveDraft(place, field.current.value);
    }
    write(readDraft(place));
    if (window.matchMedia("(pointer: fine)").matches) field.current.focus();
  }, [place, write]);

  useEffect(() => {
    if (!sent.current || receipt?.key !== sent.current.key) return;
    const { text, place: origin } = sent.current;
    sent.current = null;
    const since = origin === place ? field.current.value : "";
    saveDraft(origin, receipt.state === "refused" ? together(text, since) : since);
    if (origin === place && receipt.state === "refused") write(together(text, since));
  }, [receipt, place, write]);

  function send() {
    const text = field.current.value;
    if (!text.trim() || busy) return;
    sent.current = { key: crypto.randomUUID?.() ?? randomKey(), text, place };
    onSend(shortened(text, longest), sent.current.key);
    write("");
    if (!window.matchMedia("(pointer: fine)").matches) field.current.blur();
  }

  function onKeyDown(event) {
    // Safari says 229 of the Enter that ends a composition, after it has ended.
    const isComposing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !isComposing) {
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

  useEffect(() => {
    const column = view.current.firstElementChild;
    let first = column.querySelector("article");
    // Browsers hold the place when something comes in above it, but not at the very top, where one asks for earlier.
    const above = new MutationObserver(() => {
      const before = first;
      first = column.querySelector("article");
      if (before !== first && before?.isConnected && view.current.scrollTop === 0) before.scrollIntoView();
    });
    above.observe(column, { childList: true });
    return () => above.disconnect();
  }, []);

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

// Citations are links within the page; outside of it the number is all that means something.
const withoutLinks = (text) => text.replace(/\[(\d{1,3})\]\(#cite-[^)]*\)/g, "[$1]");

/** Copies what a message says, as it was written. */
export function CopyButton({ text, label, doneLabel }) {
  const [isDone, copy] = useCopy(withoutLinks(text));
  return h(
    "button",
    { type: "button", className: "message-act", "data-testid": "message-copy", onClick: copy },
    isDone ? doneLabel : label,
  );
}
