// What the window and its panes say to one another: which has the focus, what they show, what is asked.
import { useCallback, useEffect, useRef, useState } from "react";
import { closeDrawer, detour } from "./frame.js";
import { MOST, add, change, focusOn, isChat, layout, paneOf } from "./pane_layout.js";

const LONGEST_TURN = 3000;
const CHAT_LINKS = ".conversation-list a[href], a[href][data-testid=new-chat]";
const PHONE = "(max-width: 700px)";

export const frames = new Map();
const unheard = new Map();

export const sectionOf = (id) => document.querySelector(`[data-pane="${id}"]`);

/** Say something to a pane, as soon as it listens. */
function tell(id, message) {
  if (paneOf(id)?.isReady) frames.get(id)?.contentWindow.postMessage(message, window.location.origin);
  else unheard.set(id, [...(unheard.get(id) ?? []), message]);
}

export function focusPane(id) {
  focusOn(id);
  sectionOf(id)?.scrollIntoView({ block: "nearest", inline: "start" });
  frames.get(id)?.focus();
  if (window.matchMedia("(pointer: fine)").matches) tell(id, { kind: "run", selector: "[data-testid=chat-input]" });
}

/** Give the focus to the pane so many places further, round and round. */
export function stepPane(steps) {
  const { panes, focused } = layout.get();
  const at = panes.findIndex(({ id }) => id === focused);
  const next = panes[(at + steps + panes.length) % panes.length];
  if (next) focusPane(next.id);
}

export function show(to) {
  const { focused } = layout.get();
  if (!focused) return;
  tell(focused, { kind: "show", to });
  closeDrawer();
  focusPane(focused);
}

/** What panes say; only frames of this page are heard. */
export function useReports(navigate, onFilesStay) {
  const latest = useRef({});
  latest.current = { navigate, onFilesStay };
  useEffect(() => {
    const heard = {
      ready: ({ pane }) => {
        change(pane, { isReady: true });
        if (pane === layout.get().focused && document.activeElement === document.body) focusPane(pane);
        for (const message of unheard.get(pane) ?? []) tell(pane, message);
        unheard.delete(pane);
      },
      here: ({ pane, place, title, speaker, isBusy }) =>
        change(pane, { place, title, speaker, isBusy, ...(place && { query: "" }) }),
      focus: ({ pane }) => focusOn(pane),
      press: ({ pane }) => {
        focusOn(pane);
        heard.sign({ pane });
      },
      sign: ({ pane }) => frames.get(pane).dispatchEvent(new PointerEvent("pointerdown", { bubbles: true })),
      leave: ({ to }) => latest.current.navigate(to),
      asked: ({ pane, text, hasFiles }) => {
        const { panes, together } = layout.get();
        if (!together || panes.length < 2) return;
        latest.current.onFilesStay(hasFiles);
        if (!hasFiles) for (const { id } of panes) if (id !== pane) tell(id, { kind: "ask", text });
      },
    };
    const onMessage = ({ origin, source, data }) => {
      const frame = origin === window.location.origin && frames.get(data?.pane);
      if (frame && frame.contentWindow === source) heard[data.kind]?.(data);
    };
    window.addEventListener("message", onMessage);
    return () => window.removeEventListener("message", onMessage);
  }, []);
}

/** Chats that are chosen around the panes, in the list or the palette, are shown in the one that has the focus. */
export function useDetours() {
  useEffect(() => {
    const onClick = (event) => {
      const link = event.target.closest?.(CHAT_LINKS);
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const { origin, pathname, search } = new URL(link.href);
      if (origin !== window.location.origin || !isChat(pathname)) return;
      event.preventDefault();
      event.stopPropagation();
      show(pathname + search);
    };
    window.addEventListener("click", onClick, true);
    detour.route = (route) => isChat(route.split("?")[0]) && (show(route), true);
    detour.shortcut = ({ selector, last }) => {
      const { focused } = layout.get();
      if (!selector || !focused) return false;
      if (selector.includes("chat-input")) focusPane(focused);
      else tell(focused, { kind: "run", selector, isLast: last });
      return true;
    };
    return () => {
      window.removeEventListener("click", onClick, true);
      detour.route = detour.shortcut = () => false;
    };
  }, []);
}

/** The panes that may load: one after the other, the one with the focus first, since each is a page of its own. */
export function useTurns({ panes, focused }) {
  const [begun, setBegun] = useState([]);
  const waiting = panes.filter(({ id }) => !begun.includes(id));
  const next = (waiting.find(({ id }) => id === focused) ?? waiting[0])?.id;
  const isLoading = panes.some(({ id, isReady }) => begun.includes(id) && !isReady);
  useEffect(() => {
    if (!next) return undefined;
    const timer = setTimeout(() => setBegun((before) => [...before, next]), isLoading ? LONGEST_TURN : 0);
    return () => clearTimeout(timer);
  }, [next, isLoading]);
  return begun;
}

/** On a phone one pane is shown at a time, and swiping leads to the next. */
export function useSwipes(row) {
  return useCallback(() => {
    const { scrollLeft, clientWidth } = row.current;
    if (!window.matchMedia(PHONE).matches) return;
    const shown = layout.get().panes[Math.round(Math.abs(scrollLeft) / clientWidth)];
    if (shown) focusOn(shown.id);
  }, [row]);
}

/** One new chat more, as long as there is room. */
export const addPane = () => layout.get().panes.length < MOST && add({});
