// Watches the session's time: tells the server that the person is there, and warns before the session ends.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { confirmIdentity } from "./reauthentication.js";
import { makeStore } from "./store.js";

const WARNING_SECONDS = 120;
// Whoever types is there all the time; the server needs to hear of it once a minute.
const TELL_MILLISECONDS = 60_000;
// A timer holds no more than 24 days.
const LONGEST_MILLISECONDS = 86_400_000;
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel"];

const warning = makeStore({ text: "", stay: null });

/** What is left while the warning is shown, such as "1:59"; else empty. */
export const useTimeLeft = () =>
  useSyncExternalStore(warning.subscribe, () => warning.get().text, () => "");

export const staySignedIn = () => warning.get().stay?.();

const inWords = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function useSignsOfLife(onStay) {
  useEffect(() => {
    let toldAt = Date.now();
    const tell = () => {
      if (warning.get().text || Date.now() - toldAt < TELL_MILLISECONDS) return;
      toldAt = Date.now();
      onStay.current();
    };
    const options = { capture: true, passive: true };
    for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, tell, options);
    return () => {
      for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, tell, options);
    };
  }, [onStay]);
}

/** `turn` grows with every answer of the server; the time runs from there. */
export function SessionWatch({ secondsLeft, isFinal, turn, onLook, onStay }) {
  const look = useRef(onLook);
  const stay = useRef(onStay);
  look.current = onLook;
  stay.current = onStay;
  useSignsOfLife(stay);
  useEffect(() => {
    if (!turn) return undefined;
    const endsAt = Date.now() + secondsLeft * 1000;
    let timer;
    const run = (isFirst) => {
      const left = Math.round((endsAt - Date.now()) / 1000);
      if (left > WARNING_SECONDS) {
        timer = setTimeout(run, Math.min((left - WARNING_SECONDS) * 1000, LONGEST_MILLISECONDS));
      } else if (isFirst !== true && !warning.get().text) {
        // Another tab may have heard of the person since.
        look.current();
      } else if (left > 0) {
        // Beyond the last day only a fresh proof of who one is helps.
        warning.set({ text: inWords(left), stay: () => (isFinal ? confirmIdentity() : stay.current()) });
        timer = setTimeout(run, 1000);
      } else {
        look.current();
      }
    };
    warning.set({ text: "", stay: null });
    run(true);
    return () => clearTimeout(timer);
  }, [turn, secondsLeft, isFinal]);
  return null;
}
