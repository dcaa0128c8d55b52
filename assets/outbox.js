// The message that is on its way to the server, and the key that makes sending it twice the same as once.
import { slotOf } from "./in_pane.js";
import { makeStore } from "./store.js";

const LAST = "convosphere.sent.";
/** What leaves a place twice within so long, from any tab, is one message. */
const SAME_MS = 2_000;

/** How many characters a text has too many, as the server counts them; a frame of a megabyte would end the connection. */
export function excess(text, longest) {
  if (text.length <= longest) return 0;
  let count = 0;
  for (const _ of text.trim()) count += 1;
  return Math.max(0, count - longest);
}

/** `{key, text, place}` until its receipt comes. */
export const outbox = makeStore(null);

// Browsers give randomUUID only to pages behind https or on localhost.
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export const makeKey = () => crypto.randomUUID?.() ?? randomKey();

/** The key of a message that leaves a place: that of the same words from there a moment ago, in whichever tab. */
export function keyOf(place, text) {
  const name = LAST + (slotOf(place) || "new");
  const mark = markOf(text);
  try {
    const last = JSON.parse(localStorage.getItem(name) ?? "null");
    if (last?.mark === mark && Date.now() - last.at < SAME_MS) return last.key;
    const key = makeKey();
    localStorage.setItem(name, JSON.stringify({ mark, key, at: Date.now() }));
    return key;
  } catch {
    return makeKey(); // The browser's room is used up, or closed to pages.
  }
}

function markOf(text) {
  let sum = 0;
  for (const sign of text) sum = (Math.imul(sum, 31) + sign.codePointAt(0)) | 0;
  return `${text.length}.${sum}`;
}
