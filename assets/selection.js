// A list whose rows are selected by a box each: with Shift a range, with the arrow keys from row to row, with both by
// the keyboard. The rows carry `data-document-id`; what is selected is for the server to say.
import { createElement as h, useEffect, useRef } from "react";
import { useEscape } from "./frame.js";

const ROW = "[data-document-id], [data-person-id]";
const BOX = "[role=checkbox]";
const idOf = (row) => row.dataset.documentId ?? row.dataset.personId;
const boxOf = (row) => row.querySelector(`${BOX}:not([disabled])`);
const targetOf = (row) => boxOf(row) ?? row.querySelector("a");

/** Ids of the rows from one to another that can be selected, in whichever direction. */
function between(rows, one, other) {
  const [first, last] = [rows.indexOf(one), rows.indexOf(other)].sort((a, b) => a - b);
  return rows.slice(Math.max(first, 0), last + 1).filter(boxOf).map(idOf);
}

function goal(rows, row, key) {
  const index = rows.indexOf(row);
  if (key === "Home") return rows[0];
  if (key === "End") return rows.at(-1);
  return rows[index + (key === "ArrowDown" ? 1 : -1)];
}

export function SelectableList({ label, first, selecting, onSelect, onClear, children }) {
  const list = useRef(null);
  const anchor = useRef("");
  const clear = useRef(onClear);
  clear.current = onClear;
  const leave = useRef(() => clear.current());
  useEscape(selecting, leave.current);

  const page = useRef(first);
  useEffect(() => {
    if (page.current !== first) list.current.parentElement.scrollIntoView();
    page.current = first;
    anchor.current = "";
  }, [first]);

  const rows = () => [...list.current.querySelectorAll(ROW)];
  const anchorAmong = (all) => all.find((row) => idOf(row) === anchor.current);

  function onClickCapture(event) {
    const box = event.target.closest(BOX);
    if (!box) return;
    const all = rows();
    const row = box.closest(ROW);
    const from = anchorAmong(all);
    if (!event.shiftKey || !from) {
      anchor.current = idOf(row);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    box.focus();
    onSelect(between(all, from, row), box.getAttribute("aria-checked") !== "true");
  }

  function onKeyDown(event) {
    const row = event.target.closest(ROW);
    if (!row || event.defaultPrevented || event.altKey) return;
    const all = rows();
    if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSelect(between(all, all[0], all.at(-1)), true);
      return;
    }
    if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const next = goal(all, row, event.key);
    if (!next) return;
    targetOf(next)?.focus();
    if (!event.shiftKey) return;
    const from = anchorAmong(all) ?? row;
    anchor.current = idOf(from);
    const distance = (to) => Math.abs(all.indexOf(to) - all.indexOf(from));
    // Going back towards where the range began lets go of the row that is left.
    if (distance(next) < distance(row)) onSelect(between(all, row, row), false);
    else onSelect(between(all, from, next), true);
  }

  // With Shift the browser would mark the words between both clicks.
  const onMouseDown = (event) => event.shiftKey && event.target.closest(BOX) && event.preventDefault();

  return h(
    "ul",
    { ref: list, className: "documents", "aria-label": label, onClickCapture, onKeyDown, onMouseDown },
    children,
  );
}
