// Whether this page is one of several in a window (panes.js), and how it speaks to that.
import { useEffect, useSyncExternalStore } from "react";
import { makeStore } from "./store.js";

const isFramed = typeof window !== "undefined" && window.parent !== window && window.name.startsWith("pane-");

/** The name of the pane that this page is shown in, else "". */
export const paneName = isFramed ? window.name : "";

const never = () => () => {};

/** The same as a question of components; what the build draws is in no pane. */
export const useInPane = () => useSyncExternalStore(never, () => isFramed, () => false);

/** Where the browser keeps what belongs to a conversation: those that have not begun share a slot, but each pane's. */
export const slotOf = (place) => place || (paneName && `new.${paneName}`);

/** Whether a field may take the focus by itself: not from another pane. */
export const mayFocus = () => !isFramed || document.hasFocus();

/** Tell the window around this pane something; without one nobody hears. */
export function tellWindow(kind, values) {
  if (isFramed) window.parent.postMessage({ ...values, kind, pane: paneName }, window.location.origin);
}

/** Let the window around this pane have a key; says whether it took it. */
export function passKey({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const given = { key, ctrlKey, metaKey, altKey, shiftKey, bubbles: true, cancelable: true };
  return !window.parent.dispatchEvent(new window.parent.KeyboardEvent("keydown", given));
}

/** What was asked in another pane, and is to be asked in this one as well. */
export const askedBeside = makeStore([]);

/** What was asked in the pane beside this one leaves here as soon as it can; what stands in the field stays there. */
export function useAskedBeside(isReady, leave) {
  const waiting = useSyncExternalStore(askedBeside.subscribe, askedBeside.get, askedBeside.get);
  useEffect(() => {
    if (!waiting.length || !isReady()) return;
    askedBeside.set(waiting.slice(1));
    leave(waiting[0], false);
  });
}
