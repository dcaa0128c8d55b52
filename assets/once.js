// Values that are shown once: the server forgets them as soon as the page has them, and the page when it is left.
import { useEffect, useSyncExternalStore } from "react";
import { makeStore } from "./store.js";

const held = makeStore({});

const hold = (name, value) => held.set({ ...held.get(), [name]: value });

export const useHeld = (name) =>
  useSyncExternalStore(held.subscribe, () => held.get()[name] ?? "", () => "");

export const letGo = (name) => hold(name, "");

/** Takes over what the server shows; a reconnection, which loads the page's State anew, takes nothing away. */
export function Holder({ name, value, onTaken }) {
  useEffect(() => {
    if (!value) return;
    hold(name, value);
    onTaken();
  }, [name, value]);
  useEffect(() => () => letGo(name), [name]);
  return null;
}
