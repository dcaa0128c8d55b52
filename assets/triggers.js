// A sign in the composer offers what it stands for: / prompts and commands, @ assistants and models, # documents and where they lie.
// Arrows, Tab or Enter take one, Esc closes, writing on narrows. While all is known, narrowing asks nobody.
import { createElement as h, useEffect, useId, useMemo, useRef, useState } from "react";

const PAUSE = 150;
const BEGUN = /(?:^|[\s(„“"'])([@/#])([\p{L}\p{N}_.-]{0,60})$/u;

/** What stands behind a sign right before the cursor, `{trigger, text}`, or null. */
function begunAt(field) {
  if (field.selectionStart !== field.selectionEnd) return null;
  const found = BEGUN.exec(field.value.slice(0, field.selectionStart));
  return found && { trigger: found[1], text: found[2] };
}

const isSame = (one, other) => one?.trigger === other?.trigger && one?.text === other?.text;

const fits = (text) => {
  const wanted = text.toLowerCase();
  return ({ name, note, insert }) => `${name} ${note} ${insert ?? ""}`.toLowerCase().includes(wanted);
};

/** Whether an offer holds all that a wish may mean. */
const covers = (offer, wanted) =>
  offer?.trigger === wanted.trigger && wanted.text.startsWith(offer.text) && (offer.is_complete || offer.text === wanted.text);

function rowsFor(wanted, offer, commands) {
  if (!wanted) return [];
  const own = wanted.trigger === "/" ? commands.filter(fits(wanted.text)) : [];
  if (offer?.trigger !== wanted.trigger) return own;
  // What the server found by a text of its own may contain it where no line shows it.
  const found = offer.text === wanted.text ? offer.rows : offer.rows.filter(fits(wanted.text));
  return [...found, ...own];
}

/** Takes what was begun out of the field; puts a text in its place. */
function replaceBegun(field, { text }, insert) {
  const end = field.selectionStart;
  field.setRangeText(insert, end - text.length - 1, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/**
 * The offer for a field: what to show, and what keys and input do. `offer` is what the server found,
 * `{trigger, text, is_complete, rows}` with rows `{kind, id, name, note, insert}`; `onTake` gets those without `insert`.
 */
export function useTriggers(field, offer, commands, onLookUp, onTake) {
  const listId = useId();
  const timer = useRef(null);
  const asked = useRef(null);
  const [wanted, setWanted] = useState(null);
  const [active, setActive] = useState(0);
  const rows = useMemo(() => rowsFor(wanted, offer, commands), [wanted, offer, commands]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => setActive(0), [wanted?.trigger, wanted?.text, offer]);
  const isOpen = rows.length > 0;
  const place = Math.min(active, rows.length - 1);

  function look() {
    const begun = begunAt(field.current);
    if (isSame(begun, wanted)) return;
    setWanted(begun);
    clearTimeout(timer.current);
    if (!begun || (asked.current?.trigger === begun.trigger && covers(offer, begun))) return;
    const isNew = asked.current?.trigger !== begun.trigger;
    asked.current = begun;
    timer.current = setTimeout(() => onLookUp(begun.trigger, begun.text), isNew ? 0 : PAUSE);
  }

  function close() {
    // What there is may change until the next time.
    asked.current = null;
    setWanted(null);
  }

  function take(row) {
    replaceBegun(field.current, wanted, row.insert ? `${row.insert} ` : "");
    close();
    if (!row.insert) onTake(row);
  }

  /** Whether the offer has used the key. */
  function onKeyDown(event) {
    if (!isOpen || event.nativeEvent.isComposing) return false;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) setActive((place + moves[event.key] + rows.length) % rows.length);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") take(rows[place]);
    else return false;
    event.preventDefault();
    return true;
  }

  const props = isOpen
    ? { role: "combobox", "aria-expanded": true, "aria-controls": listId, "aria-activedescendant": `${listId}-${place}` }
    : {};
  return { isOpen, listId, rows, place, take, look, onKeyDown, close, props };
}

/** The offer above the composer; `kinds` names what a line is. */
export function TriggerMenu({ triggers, label, kinds }) {
  const list = useRef(null);
  const { place, isOpen } = triggers;
  useEffect(() => {
    list.current?.children[place]?.scrollIntoView({ block: "nearest" });
  }, [place, isOpen]);
  if (!isOpen) return null;
  return h(
    "ul",
    { ref: list, className: "trigger-menu", role: "listbox", id: triggers.listId, "aria-label": label },
    triggers.rows.map((row, number) =>
      h(
        "li",
        {
          key: `${row.kind} ${row.id}`,
          id: `${triggers.listId}-${number}`,
          role: "option",
          className: "choice-line",
          "aria-selected": number === place,
          "data-active": number === place,
          "data-testid": "trigger-option",
          "data-kind": row.kind,
          "data-id": row.id,
          // The field keeps the cursor.
          onMouseDown: (event) => {
            event.preventDefault();
            triggers.take(row);
          },
        },
        h("span", { className: "choice-words" }, [
          h("span", { key: "name", className: "choice-name", dir: "auto" }, row.name),
          row.note && h("span", { key: "note", className: "quiet choice-note", dir: "auto" }, row.note),
        ]),
        h("span", { className: "quiet trigger-kind" }, kinds[row.kind]),
      ),
    ),
  );
}
