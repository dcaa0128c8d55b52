// What is being written in place of questions, kept in this browser until it is sent or given up.

// Signing out forgets what begins with the name of drafts.
const KEPT = "convosphere.draft.edit:";

const isBrowser = typeof document !== "undefined";
const entries = new Map();
const whenTaken = new Set();

function parse(kept) {
  try {
    const entry = JSON.parse(kept);
    return typeof entry?.words === "string" ? { ...entry, isOwn: false } : null;
  } catch {
    return null;
  }
}

function keep(id, entry) {
  try {
    if (entry) localStorage.setItem(KEPT + id, JSON.stringify(entry));
    else localStorage.removeItem(KEPT + id);
  } catch {
    // The browser's room is used up: the words stay in their field, but a reload forgets them.
  }
}

/** Another tab wrote something, sent it or gave it up; what was written in this one stays. */
function follow({ key, newValue }) {
  if (!key?.startsWith(KEPT)) return;
  const id = key.slice(KEPT.length);
  if (entries.get(id)?.isOwn) return;
  const entry = newValue && parse(newValue);
  if (entry) {
    entries.set(id, entry);
    return;
  }
  entries.delete(id);
  for (const listener of whenTaken) listener(id);
}

function recall() {
  for (const key of Object.keys(localStorage)) {
    const entry = key.startsWith(KEPT) && parse(localStorage.getItem(key));
    if (entry) entries.set(key.slice(KEPT.length), entry);
  }
  window.addEventListener("storage", follow);
}

if (isBrowser) recall();

/**
 * By the question's id: `{ words, above, isSent }`, of one that waits `{ words, place, key }`; `isOwn` if it was written
 * in this tab since it was loaded. The page may draw the question anew at any time, such as after a lost connection or a
 * reload, and no word may go with it.
 */
export const edited = {
  has: (id) => entries.has(id),
  get: (id) => entries.get(id),
  set: (id, entry) => {
    entries.set(id, { ...entry, isOwn: true });
    // What waits and has left with a key goes in its turn, of which a reload could not tell whether it did.
    keep(id, entry.key ? null : entry);
  },
  delete: (id) => {
    entries.delete(id);
    keep(id, null);
  },
  [Symbol.iterator]: () => [...entries][Symbol.iterator](),
  /** `listener(id)` hears of what another tab has sent or given up; returns how to hear no more. */
  onTaken: (listener) => {
    whenTaken.add(listener);
    return () => whenTaken.delete(listener);
  },
};

/** What stands in the place of another question now was written there, and has arrived. */
export function forgetArrived(message, above, text) {
  for (const [id, entry] of edited) {
    if (id !== message && entry.isSent && entry.above === above && entry.words.trim() === text.trim()) edited.delete(id);
  }
}
