// Which conversations stand beside one another, kept in this browser until its person signs out.
import { makeStore } from "./store.js";

export const SIDE = "/side";
export const MOST = 4;
const CHAT = "/chat";
// Signing out forgets what begins with the name of drafts.
const DRAFTS = "convosphere.draft.";
const KEPT = `${DRAFTS}panes`;

export const NONE = { panes: [], focused: "", together: false };
let made = 0;

function makePane(values) {
  made += 1;
  const id = `pane-${Date.now().toString(36)}-${made}`;
  return { id, place: "", query: "", title: "", speaker: "", label: "", share: 1, isCompared: false, isReady: false, isBusy: false, ...values };
}

const asleep = (pane) => ({ ...pane, isReady: false, isBusy: false });

function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    return { ...NONE, ...kept, panes: kept.panes.slice(0, MOST).map(asleep) };
  } catch {
    return NONE;
  }
}

export const layout = makeStore(typeof localStorage === "undefined" ? NONE : recall());

/** Where to go from here; `ToPanes` of pane.js does. */
export const way = makeStore("");

function put(values) {
  const next = { ...layout.get(), ...values };
  if (!next.panes.some(({ id }) => id === next.focused)) next.focused = next.panes[0]?.id ?? "";
  layout.set(next);
  try {
    localStorage.setItem(KEPT, JSON.stringify(next));
  } catch {
    // The browser's room is used up: a reload forgets how the panes stood.
  }
}

export const isChat = (path) => path === CHAT || path.startsWith(`${CHAT}/`);

const pathHere = () => window.location.pathname.replace(/\/$/, "");
const placeOf = (path) => path.slice(CHAT.length + 1);

export const addressOf = ({ place, query }) => (place ? `${CHAT}/${place}` : CHAT + query);

export const paneOf = (id) => layout.get().panes.find((pane) => pane.id === id);

export const change = (id, values) =>
  put({ panes: layout.get().panes.map((pane) => (pane.id === id ? { ...pane, ...values } : pane)) });

export const focusOn = (id) => layout.get().focused !== id && put({ focused: id });

export const setTogether = (together) => put({ together });

/** The panes as they stand when their page opens: none of them is loaded yet. */
export const wake = () => put({ panes: layout.get().panes.map(asleep) });

export function start(several, together = false) {
  for (const { id } of layout.get().panes) forgetDraft(id);
  put({ panes: several.map(makePane), focused: "", together });
}

/** One pane more, which gets the focus; where there is no room, it takes the place of the one that has it. */
export function add(values) {
  const { panes, focused } = layout.get();
  const pane = makePane(values);
  const more = panes.length < MOST ? [...panes, pane] : panes.map((each) => (each.id === focused ? pane : each));
  put({ panes: more, focused: pane.id });
}

export function close(id) {
  const { panes } = layout.get();
  const at = panes.findIndex((pane) => pane.id === id);
  forgetDraft(id);
  put({ panes: panes.filter((pane) => pane.id !== id), focused: (panes[at + 1] ?? panes[at - 1])?.id });
}

/** What was written in a pane for a conversation that never began. */
function forgetDraft(id) {
  localStorage.removeItem(`${DRAFTS}new.${id}`);
  localStorage.removeItem(`${DRAFTS}files:new.${id}`);
}

/** Show a conversation, or a new chat, beside what is shown; a layout that has both already stays as it is. */
export function openBeside(place = "") {
  const path = pathHere();
  const here = isChat(path) ? { place: placeOf(path), query: window.location.search } : null;
  const shown = (other) => other && layout.get().panes.find((pane) => pane.place === other);
  if (path !== SIDE) way.set(SIDE);
  if (here && !shown(here.place)) start([here, here.place === place ? {} : { place }]);
  else if (!layout.get().panes.length) start([{ place }, {}]);
  else if (shown(place)) focusOn(shown(place).id);
  else if (place || path === SIDE) add({ place });
}
