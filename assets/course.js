// The course of an answer: what its model thinks, how long it takes, and word in the tab's title that it has ended.
import { createElement as h, useEffect, useRef, useState } from "react";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import { tellEnded } from "./notifications.js";
import { markTab, unmarkTab } from "./tab_title.js";

/** Seconds that go on counting from those that had gone by when it was first shown. */
export function Elapsed({ since }) {
  const began = useRef(null);
  const [seconds, setSeconds] = useState(since);
  useEffect(() => {
    began.current = Date.now() - since * 1000;
    const count = () => setSeconds(Math.round((Date.now() - began.current) / 1000));
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [since]);
  return h("span", { className: "elapsed", "aria-hidden": true, "data-testid": "answer-elapsed" }, `${Math.max(0, seconds)} s`);
}

/**
 * What a model thinks before it writes: open as long as it does, folded from the first word on, unless somebody says
 * otherwise. Of what was thought before, the words are fetched when they are wanted.
 */
export function Thinking({ message, text, done, title, onOpen }) {
  const [own, setOwn] = useState(null);
  const isOpen = own ?? !done;
  const view = useRef(null);
  useEffect(() => {
    if (isOpen && !done && view.current) view.current.scrollTop = view.current.scrollHeight;
  }, [isOpen, done, text]);
  function onToggle() {
    setOwn(!isOpen);
    if (!isOpen && !text) onOpen?.(message);
  }
  return h(
    "div",
    { className: "thinking", "data-testid": "message-thinking", "data-done": String(Boolean(done)) },
    h(
      "button",
      {
        type: "button",
        className: "thinking-title",
        "aria-expanded": isOpen,
        "data-testid": "thinking-toggle",
        onClick: onToggle,
      },
      h(ChevronRight, { size: 16, className: "thinking-sign", "aria-hidden": true }),
      title,
    ),
    isOpen && h("div", { ref: view, className: "thinking-text", dir: "auto", tabIndex: 0, "data-testid": "thinking-text" }, text),
  );
}

/** Marks the tab's title when an answer ends while nobody looks at the tab, until somebody does. */
export function TitleMark({ busy, unread }) {
  const before = useRef({ busy, unread });
  useEffect(() => {
    const isAnswered = before.current.busy && !busy;
    const hasEnded = isAnswered || unread > before.current.unread;
    before.current = { busy, unread };
    if (isAnswered) tellEnded();
    if (hasEnded && document.hidden) markTab();
  }, [busy, unread]);
  useEffect(() => {
    const onLook = () => {
      if (!document.hidden) unmarkTab();
    };
    document.addEventListener("visibilitychange", onLook);
    return () => document.removeEventListener("visibilitychange", onLook);
  }, []);
  return null;
}
