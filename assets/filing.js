// Keeping conversations: lines that are dragged into folders, folders that fold, and what is done with many at once.
// What is selected lives here and reaches the server only with an act.
import { createElement as h, useEffect, useRef, useState, useSyncExternalStore } from "react";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { useEscape } from "./frame.js";
import { makeStore } from "./store.js";

export const CONVERSATIONS = "application/x-convosphere-conversations";
const FOLDER = "application/x-convosphere-folder";
const FOLDED = "convosphere.folded";

const selection = makeStore([]);
const nobody = [];
export const useSelection = () => useSyncExternalStore(selection.subscribe, selection.get, () => nobody);
let anchor = "";

const isBrowser = typeof localStorage !== "undefined";
const folded = makeStore(isBrowser ? JSON.parse(localStorage.getItem(FOLDED) ?? "[]") : []);
const useFolded = () => useSyncExternalStore(folded.subscribe, folded.get, () => nobody);

const linesIn = (element) => [...element.closest(".conversation-list").querySelectorAll(".conversation-line")];
const idOf = (line) => line.dataset.conversationId;

function toggle(id, range = []) {
  const chosen = new Set(selection.get());
  if (range.length) for (const each of range) chosen.add(each);
  else if (!chosen.delete(id)) chosen.add(id);
  anchor = id;
  selection.set([...chosen]);
}

function rangeTo(line) {
  const ids = linesIn(line).map(idOf);
  const [first, last] = [ids.indexOf(anchor), ids.indexOf(idOf(line))].sort((a, b) => a - b);
  return first < 0 ? [] : ids.slice(first, last + 1);
}

/** Begin to select, with this conversation. */
export const select = (id) => toggle(id);

/** One conversation of the list: to be dragged, to be selected by its box, by Ctrl or Shift and a click, or by x. */
export function ConversationLine({ conversation, isCurrent, isStreaming, isUnread, selectLabel, className, children, ...rest }) {
  const chosen = useSelection();
  const isSelecting = chosen.length > 0;
  const isChosen = chosen.includes(conversation);
  const pick = (event) =>
    toggle(conversation, event.shiftKey ? rangeTo(event.currentTarget.closest(".conversation-line")) : []);

  function onClickCapture(event) {
    const isBox = event.target.matches("input[type=checkbox]");
    const wants = isBox || (event.target.closest("a") && (event.ctrlKey || event.metaKey || (event.shiftKey && isSelecting)));
    if (!wants) return;
    if (!isBox) event.preventDefault();
    event.stopPropagation();
    pick(event);
  }
  function onKeyDown(event) {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || !event.target.matches("a")) return;
    event.preventDefault();
    pick(event);
  }
  function onDragStart(event) {
    event.dataTransfer.setData(CONVERSATIONS, JSON.stringify(isChosen ? chosen : [conversation]));
    event.dataTransfer.effectAllowed = "move";
  }
  return h(
    "div",
    {
      ...rest,
      className,
      draggable: true,
      onDragStart,
      onClickCapture,
      onKeyDown,
      "data-testid": "conversation-item",
      "data-conversation-id": conversation,
      "data-streaming": String(isStreaming),
      "data-unread": String(isUnread),
      "data-current": String(isCurrent),
      "data-selected": String(isChosen),
    },
    isSelecting &&
      h("input", { type: "checkbox", checked: isChosen, readOnly: true, "aria-label": selectLabel, className: "line-box", "data-testid": "conversation-select" }),
    children,
  );
}

/** Where conversations can be dropped: a folder, or outside of all by an empty id. A folder can be dropped as well. */
export function DropZone({ folder = "", accepts, className, onFile, onNest, children, ...rest }) {
  const [isOver, setOver] = useState(false);
  const fits = (event) =>
    accepts && (event.dataTransfer.types.includes(CONVERSATIONS) || event.dataTransfer.types.includes(FOLDER));
  const leave = () => setOver(false);
  function onDragOver(event) {
    if (!fits(event)) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(true);
  }
  function onDrop(event) {
    leave();
    if (!fits(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const ids = event.dataTransfer.getData(CONVERSATIONS);
    const nested = event.dataTransfer.getData(FOLDER);
    if (ids) {
      onFile(JSON.parse(ids), folder);
      selection.set([]);
    } else if (nested && nested !== folder) onNest(nested, folder);
  }
  return h(
    "div",
    { ...rest, className, "data-over": isOver, onDragOver, onDragEnter: onDragOver, onDragLeave: leave, onDrop },
    children,
  );
}

/** A folder in the tree; it is not there while one around it is folded. */
export function FolderLine({ folder, above, depth, hasInner, canUse, canManage, foldLabel, onFile, onNest, children, ...rest }) {
  const closed = useFolded();
  if (above.some((each) => closed.includes(each))) return null;
  const isFolded = closed.includes(folder);
  function fold() {
    const next = isFolded ? closed.filter((each) => each !== folder) : [...closed, folder].slice(-200);
    folded.set(next);
    localStorage.setItem(FOLDED, JSON.stringify(next));
  }
  return h(
    DropZone,
    {
      ...rest,
      folder,
      accepts: canUse,
      onFile,
      onNest,
      className: "folder-line",
      draggable: canManage,
      style: { "--depth": depth },
      onDragStart: (event) => event.dataTransfer.setData(FOLDER, folder),
      "data-testid": "conversation-folder",
      "data-folder-id": folder,
    },
    hasInner
      ? h("button", { type: "button", className: "folder-fold", "aria-expanded": !isFolded, "aria-label": foldLabel, onClick: fold }, h(ChevronRight, { size: 14, "aria-hidden": true }))
      : h("span", { className: "folder-fold" }),
    children,
  );
}

/** What can be done with all that is selected. Esc lets go of it. */
export function SelectionBar({ labels, isArchive, shelf, onArchive, onTag, onMove, onDelete, children }) {
  const chosen = useSelection();
  const clear = useRef(() => selection.set([]));
  useEscape(chosen.length > 0, clear.current);
  useEffect(() => clear.current(), [shelf]);
  if (!chosen.length) return null;
  const act = (name, label, run, keeps) =>
    h("button", {
      type: "button",
      key: name,
      className: "selection-act",
      "data-act": name,
      "data-testid": `conversations-${name}`,
      onClick: () => {
        run(chosen);
        if (!keeps) clear.current();
      },
    }, label);
  return h(
    "div",
    { className: "selection-bar", role: "region", "aria-label": labels.selected, "data-testid": "conversations-bar" },
    h("span", { className: "selection-count", role: "status", "data-testid": "conversations-count" }, `${chosen.length} ${labels.selected}`),
    h("button", { type: "button", className: "selection-act", onClick: clear.current, "aria-label": labels.clear, title: labels.clear }, h(X, { size: 16, "aria-hidden": true })),
    h(
      "div",
      { className: "selection-acts" },
      act("archive", isArchive ? labels.unarchive : labels.archive, (ids) => onArchive(ids, !isArchive)),
      act("tag", labels.tag, onTag, true),
      act("move", labels.move, onMove),
      act("delete", labels.delete, onDelete),
      children,
    ),
  );
}
