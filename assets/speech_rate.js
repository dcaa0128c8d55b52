// How fast answers are read aloud: a choice of this browser, as its voices are.
import { createElement as h, useSyncExternalStore } from "react";
import { makeStore } from "./store.js";

const KEY = "convosphere.speech-rate";
const RATES = [0.75, 1, 1.25, 1.5, 2];

const isBrowser = typeof document !== "undefined";
const known = (value) => (RATES.includes(Number(value)) ? Number(value) : 1);
const rate = makeStore(isBrowser ? known(localStorage.getItem(KEY)) : 1);

/** Times as fast as the voice is by itself. */
export const speechRate = rate.get;

function keep(value) {
  rate.set(known(value));
  localStorage.setItem(KEY, String(rate.get()));
}

/** `words` name the speeds from the slowest to the fastest. */
export function RateSelect({ id, words, testId }) {
  const chosen = useSyncExternalStore(rate.subscribe, rate.get, () => 1);
  return h(
    "select",
    { id, value: chosen, className: "select", "data-testid": testId, onChange: (event) => keep(event.target.value) },
    RATES.map((value, index) => h("option", { key: value, value }, words[index])),
  );
}
