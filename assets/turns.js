// What takes long to draw is drawn in turns, one in a task, so that the page answers between them.
import { startTransition, useEffect, useState } from "react";

const MARGIN = "800px";
const waiting = new Map();
const near = new Set();
let watcher;
let cancel = null;

const onceFree = (act) => {
  if (!window.requestIdleCallback) return onceDone(act);
  const handle = requestIdleCallback(act, { timeout: 400 });
  return () => cancelIdleCallback(handle);
};
const onceDone = (act) => {
  const timer = setTimeout(act);
  return () => clearTimeout(timer);
};

function schedule() {
  cancel?.();
  cancel = waiting.size ? (near.size ? onceDone : onceFree)(next) : null;
}

function leave(element) {
  waiting.delete(element);
  near.delete(element);
  watcher.unobserve(element);
}

// What is looked at comes first, the rest in its order.
function next() {
  cancel = null;
  if (!waiting.size) return;
  const element = (near.size ? near : waiting.keys())[Symbol.iterator]().next().value;
  const act = waiting.get(element);
  leave(element);
  startTransition(act);
  schedule();
}

function look(entries) {
  for (const { target, isIntersecting } of entries) {
    if (!waiting.has(target)) continue;
    if (isIntersecting) near.add(target);
    else near.delete(target);
  }
  schedule();
}

/** Do something when it is an element's turn, which waits for one thing at a time; gives how to take that back. */
export function takeTurn(element, act) {
  // Within what scrolls only the second margin counts, where browsers know it.
  watcher ??= new IntersectionObserver(look, { rootMargin: MARGIN, scrollMargin: MARGIN });
  waiting.set(element, act);
  watcher.observe(element);
  if (!cancel) schedule();
  return () => waiting.has(element) && leave(element);
}

/** Whether the turn of an element has come; it stays true. */
export function useTurn(element, isFirst = false) {
  const [isDrawn, setDrawn] = useState(isFirst);
  useEffect(() => (isDrawn ? undefined : takeTurn(element.current, () => setDrawn(true))), [element, isDrawn]);
  return isDrawn;
}
