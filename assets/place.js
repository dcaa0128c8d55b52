// Which conversation the chat page is about. The address says so at once, while the server may still be on its way.
import { useEffect, useSyncExternalStore } from "react";
import { usePath } from "./frame.js";
import { makeStore } from "./store.js";

const CHAT = "/chat";
const begun = makeStore("");

const idOf = (path) => (path.startsWith(`${CHAT}/`) ? path.slice(CHAT.length + 1) : "");

export const addressOf = (place) => `${CHAT}/${place}`;

/** The id of the conversation, "" for one that has not begun. */
export function usePlace() {
  const path = usePath();
  const fresh = useSyncExternalStore(begun.subscribe, begun.get, () => "");
  useEffect(() => {
    if (path !== CHAT) begun.set("");
  }, [path]);
  return idOf(path) || (path === CHAT ? fresh : "");
}

/** Whether the address names another conversation already, which may be before the page is drawn anew. */
export const hasLeft = (place) => {
  const named = idOf(window.location.pathname);
  return Boolean(named) && named !== place;
};

/** A new chat is this conversation from now on; its address follows in a moment. */
export const begin = (place) => begun.set(place);
