// What is written but not sent yet: one draft for each conversation, kept in this browser.

import { slotOf } from "./in_pane.js";
import { makeStore } from "./store.js";

const DRAFT = "convosphere.draft.";
const WHOSE = "convosphere.drafts-of";

/** What stands in the box that is shown, for whatever counts it. */
export const shownDraft = makeStore("");

const keyOf = (place) => DRAFT + (slotOf(place) || "new");

/** What stands in the box of a conversation; "" is the place of a new one. */
export const readDraft = (place) => localStorage.getItem(keyOf(place)) ?? "";

export function saveDraft(place, text) {
  try {
    if (text) localStorage.setItem(keyOf(place), text);
    else localStorage.removeItem(keyOf(place));
  } catch {
    // The browser's room is used up: the text stays in its field, but a reload forgets it.
  }
}

/** Drafts go with the person who signs out, since the next one at this browser may be somebody else. */
export function forgetDrafts() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(DRAFT)) localStorage.removeItem(key);
  }
}

/** Where somebody else signs in than the last time, the drafts that a session left when it ran out go as well. */
export function claimDrafts(person) {
  if (localStorage.getItem(WHOSE) !== person) forgetDrafts();
  try {
    localStorage.setItem(WHOSE, person);
  } catch {
    // The browser's room is used up: the next sign-in finds no name, and takes the drafts away.
  }
}
