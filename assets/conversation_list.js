// What the list of conversations does without asking the server: going through it, naming days, taking a title.
import { createElement as h, useEffect, useRef } from "react";
import { useI18n, useNow } from "./i18n.js";

const DAY = 86_400_000;

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
export function DayGroup({ moment, previous, group: own, labels }) {
  const now = useNow();
  useI18n();
  if (own) return own === previous ? null : h("h2", { className: "list-group" }, labels[own]);
  const name = group(moment, now, labels);
  return name === group(previous, now, labels) ? null : h("h2", { className: "list-group" }, name);
}

const LINK = ".conversation-link, .folder-link";

/** The arrow keys, Home and End lead from one conversation to another. */
export function LinkList({ className, children }) {
  function onKeyDown(event) {
    if (!event.target.matches(LINK)) return;
    const links = [...event.currentTarget.querySelectorAll(LINK)];
    const index = links.indexOf(event.target);
    const goals = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: links.length - 1 };
    if (!(event.key in goals)) return;
    event.preventDefault();
    links[goals[event.key]]?.focus();
  }
  return h("div", { className, onKeyDown }, children);
}

/** A field in place of a title: Enter or leaving keeps it, Esc does not. After a key the line has the focus again. */
export function TitleField({ conversation, value, label, onDone }) {
  const field = useRef(null);
  const isDone = useRef(false);
  const hasFocus = useRef(false);
  useEffect(() => {
    field.current.focus();
    field.current.select();
    return () => {
      const line = `[data-conversation-id="${conversation}"] ${LINK}`;
      if (hasFocus.current) requestAnimationFrame(() => document.querySelector(line)?.focus());
    };
  }, [conversation]);
  function end(text) {
    if (isDone.current) return;
    isDone.current = true;
    hasFocus.current = document.activeElement === field.current;
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
