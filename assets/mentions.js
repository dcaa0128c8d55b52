// An @ in the composer offers assistants: arrows, Tab or Enter take one, Esc closes, writing on narrows.
import { createElement as h, useEffect, useId, useRef, useState } from "react";

const PAUSE = 120;
const BEGUN = /(?:^|[\s(„“"'])@([\p{L}\p{N}_-]{0,60})$/u;

/** What stands behind an @ right before the cursor, or null. */
function begunAt(field) {
  if (field.selectionStart !== field.selectionEnd) return null;
  return BEGUN.exec(field.value.slice(0, field.selectionStart))?.[1] ?? null;
}

/** The offer for a field: what to show, and what keys and input do. `found` are rows `{id, handle, name, description}`. */
export function useMentions(field, found, onLookUp) {
  const listId = useId();
  const timer = useRef(null);
  const [wanted, setWanted] = useState(null);
  const [active, setActive] = useState(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => setActive(0), [found]);
  const isOpen = wanted !== null && found.length > 0;

  function look() {
    const begun = onLookUp ? begunAt(field.current) : null;
    if (begun === wanted) return;
    setWanted(begun);
    clearTimeout(timer.current);
    if (begun !== null) timer.current = setTimeout(() => onLookUp(begun), PAUSE);
  }

  function take(row) {
    const { current } = field;
    const end = current.selectionStart;
    current.setRangeText(`@${row.handle} `, end - wanted.length - 1, end, "end");
    current.dispatchEvent(new Event("input", { bubbles: true }));
    current.focus();
    setWanted(null);
  }

  /** Whether the offer has used the key. */
  function onKeyDown(event) {
    if (!isOpen || event.nativeEvent.isComposing) return false;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) setActive((active + moves[event.key] + found.length) % found.length);
    else if (event.key === "Escape") setWanted(null);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") take(found[active] ?? found[0]);
    else return false;
    event.preventDefault();
    return true;
  }

  const props = isOpen
    ? { role: "combobox", "aria-expanded": true, "aria-controls": listId, "aria-activedescendant": `${listId}-${active}` }
    : {};
  return { isOpen, listId, active, take, look, onKeyDown, close: () => setWanted(null), props };
}

/** The offer above the composer. */
export function Mentions({ mentions, found, label }) {
  if (!mentions.isOpen) return null;
  return h(
    "ul",
    { className: "mentions", role: "listbox", id: mentions.listId, "aria-label": label },
    found.map((row, place) =>
      h(
        "li",
        {
          key: row.id,
          id: `${mentions.listId}-${place}`,
          role: "option",
          className: "choice-line",
          "aria-selected": place === mentions.active,
          "data-active": place === mentions.active,
          "data-testid": "mention-option",
          "data-handle": row.handle,
          // The field keeps the cursor.
          onMouseDown: (event) => {
            event.preventDefault();
            mentions.take(row);
          },
        },
        h("span", { className: "choice-words" }, [
          h("span", { key: "name", className: "choice-name", dir: "auto" }, row.name),
          h("span", { key: "note", className: "quiet choice-note" }, `@${row.handle}`),
        ]),
      ),
    ),
  );
}
