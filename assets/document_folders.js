// Folders of documents: lines that take what is dropped on them, and a tree that is a drawer where there is little room.
import { createElement as h, useRef, useState } from "react";
import FolderTreeIcon from "lucide-react/dist/esm/icons/folder-tree.mjs";
import { useEscape } from "./frame.js";

const DOCUMENTS = "application/x-convosphere-documents";
const FOLDER = "application/x-convosphere-document-folder";

/** A list whose rows can be dragged: one that is selected takes all others along that are. */
export function DraggedDocuments({ children }) {
  function onDragStart(event) {
    const row = event.target.closest("[data-document-id]");
    if (!row) return;
    const isChosen = (each) => each.querySelector("[role=checkbox]")?.getAttribute("aria-checked") === "true";
    const rows = isChosen(row) ? [...event.currentTarget.querySelectorAll("[data-document-id]")].filter(isChosen) : [row];
    event.dataTransfer.setData(DOCUMENTS, JSON.stringify(rows.map((each) => each.dataset.documentId)));
    event.dataTransfer.effectAllowed = "move";
  }
  return h("div", { onDragStart }, children);
}

export function FolderTree({ labels, onFile, onNest, children }) {
  const [isOpen, setOpen] = useState(false);
  const close = useRef(() => setOpen(false));
  const over = useRef(null);
  useEscape(isOpen, close.current);

  function mark(line) {
    if (over.current === line) return;
    over.current?.removeAttribute("data-over");
    line?.setAttribute("data-over", "true");
    over.current = line;
  }
  const lineOf = (event) => event.target.closest("[data-folder-id][data-accepts=true]");
  const fits = ({ dataTransfer: { types } }) => types.includes(DOCUMENTS) || types.includes(FOLDER);
  function onDragStart(event) {
    const line = event.target.closest("[data-folder-id][draggable=true]");
    if (line) event.dataTransfer.setData(FOLDER, line.dataset.folderId);
  }
  function onDragOver(event) {
    const line = fits(event) ? lineOf(event) : null;
    if (line) event.preventDefault();
    mark(line);
  }
  function onDrop(event) {
    const line = over.current;
    mark(null);
    if (!line) return;
    event.preventDefault();
    const folder = line.dataset.folderId;
    const documents = event.dataTransfer.getData(DOCUMENTS);
    const nested = event.dataTransfer.getData(FOLDER);
    if (documents) onFile(JSON.parse(documents), folder);
    else if (nested && nested !== folder) onNest(nested, folder);
  }
  function onClick(event) {
    if (event.target.closest(".folder-link")) setOpen(false);
  }
  return h(
    "div",
    { className: "document-folders", "data-open": isOpen },
    h(
      "button",
      { type: "button", className: "document-folders-opener", "aria-expanded": isOpen, onClick: () => setOpen(!isOpen), "data-testid": "folders-open" },
      h(FolderTreeIcon, { size: 16, "aria-hidden": true }),
      labels.tree,
    ),
    isOpen && h("div", { className: "document-folders-veil", onClick: close.current }),
    h("nav", { "aria-label": labels.tree, className: "document-folders-tree", onDragStart, onDragOver, onDragLeave: () => mark(null), onDrop, onClick }, children),
  );
}
