// Keys for the whole page, as the person has set them, and the list in which they are set.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { act, detour } from "./frame.js";
import { paneName, passKey } from "./in_pane.js";
import { openPalette } from "./palette.js";

const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
const isTyping = (target) => target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
const MODIFIERS = ["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead"];

/** A pressed key as bindings are written: "mod+shift+o". Signs such as "?" say by themselves that Shift is held. */
export function written(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  if (event.shiftKey && (/^[a-z]$/.test(key) || key.length > 1)) parts.push("shift");
  return [...parts, key].join("+");
}

const keysOf = ({ id, keys }, bindings) => (id in bindings ? [bindings[id]].filter(Boolean) : keys);

function run(shortcut, navigate) {
  if (shortcut.palette) return openPalette(shortcut.palette === "search") ?? true;
  // The last one: of answers and their code, the one that is read.
  const found = shortcut.last ? [...document.querySelectorAll(shortcut.selector)].pop() : null;
  return act(found ? { target: found } : shortcut, navigate) || detour.shortcut(shortcut);
}

// What was set a moment ago holds at once, not when the server has kept it.
let justSet = null;

// A pane keeps what is done within it; everything else is its window's.
const isElsewhere = ({ selector }) => paneName !== "" && !(selector && document.querySelector(selector));

/** Each key looks for its target when it is pressed; nothing is sent to the server. */
export function Shortcuts({ shortcuts, bindings }) {
  const navigate = useNavigate();
  const latest = useRef({});
  latest.current = { shortcuts, bindings };
  useEffect(() => void (justSet = null), [bindings]);
  useEffect(() => {
    const onKeyDown = (event) => {
      const { shortcuts: all, bindings: kept } = latest.current;
      const own = justSet ?? kept;
      if (event.defaultPrevented || event.isComposing || own.off || event.target.closest?.("[data-recording=true]")) return;
      const pressed = written(event);
      const found = all.find((shortcut) => keysOf(shortcut, own).includes(pressed));
      if (!found) return;
      const isBare = !event.ctrlKey && !event.metaKey && !event.altKey && !/^(Escape|F\d+)$/.test(event.key);
      if (isBare && isTyping(event.target)) return;
      if (document.querySelector("dialog[open]") && !found.palette) return;
      if (isElsewhere(found) ? passKey(event) : run(found, navigate)) event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown); // After all others: what closes something marks the event as used.
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [navigate]);
  return null;
}

const NAMES = { arrowdown: "↓", arrowup: "↑", arrowleft: "←", arrowright: "→" };
const nameOf = (key, labels) =>
  key === "mod" ? (isMac ? "⌘" : labels.mod) : (labels[key] ?? NAMES[key] ?? key.toUpperCase());
// "mod++" ends in the plus sign itself.
const partsOf = (keys) => (keys.endsWith("++") ? [...keys.slice(0, -2).split("+"), "+"] : keys.split("+"));
const caps = (keys, labels) => partsOf(keys).map((key, n) => h("kbd", { key: n }, nameOf(key, labels)));

/** All keys. What has an id can be given another one, or none by Backspace. */
export function KeyList({ shortcuts, bindings: kept, labels, onKeep }) {
  // What was chosen is seen at once, not when the server has kept it.
  const [bindings, setBindings] = useState(kept);
  useEffect(() => setBindings(kept), [kept]);
  const [recording, setRecording] = useState("");
  const [clash, setClash] = useState("");
  const keep = (next) => {
    setClash("");
    setBindings(next);
    justSet = next;
    onKeep(next);
  };
  function record(event, id) {
    if (recording !== id) return;
    event.preventDefault();
    event.stopPropagation();
    if (MODIFIERS.includes(event.key)) return;
    setRecording("");
    if (event.key === "Escape" || event.key === "Tab") return;
    const pressed = event.key === "Backspace" ? "" : written(event);
    const other = pressed && shortcuts.find((each) => each.id !== id && keysOf(each, bindings).includes(pressed));
    if (other) setClash(`${labels.taken} ${other.label}`);
    else keep({ ...bindings, [id]: pressed });
  }
  const row = (shortcut) => {
    const [keys] = keysOf(shortcut, bindings);
    const isRecording = recording === shortcut.id && shortcut.id !== "";
    const shown = isRecording ? labels.press : keys ? caps(keys, labels) : labels.none;
    return h(
      "div",
      { key: shortcut.label, className: "shortcut-row" },
      h("dt", null, shortcut.label),
      h("dd", null, shortcut.id
        ? h("button", {
            type: "button",
            className: "key-button",
            "data-testid": "key-change",
            "data-shortcut-id": shortcut.id,
            "data-recording": isRecording,
            "aria-label": `${labels.change} ${shortcut.label}`,
            onClick: () => setRecording(shortcut.id),
            onBlur: () => setRecording(""),
            onKeyDown: (event) => record(event, shortcut.id),
          }, shown)
        : shown),
    );
  };
  const { off, ...own } = bindings;
  return h(
    "div",
    null,
    h("label", { className: "key-switch" },
      h("input", { type: "checkbox", checked: !off, "data-testid": "keys-on", onChange: () => keep(off ? own : { ...own, off: "yes" }) }),
      labels.on,
    ),
    h("dl", { className: "shortcuts", "data-off": Boolean(off) }, shortcuts.map(row)),
    h("p", { className: "quiet", role: "status" }, clash || labels.help),
    Object.keys(own).length > 0 &&
      h("button", { type: "button", className: "key-button", "data-testid": "keys-reset", onClick: () => keep(off ? { off } : {}) }, labels.reset),
  );
}
