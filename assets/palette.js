// The command palette: everything by its name. Commands are matched here, without a round trip; what was said in
// conversations, and what documents and other things are called, is asked of the server once a pause is made.
import { createElement as h, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useNavigate } from "react-router";
import Bot from "lucide-react/dist/esm/icons/bot.mjs";
import FileText from "lucide-react/dist/esm/icons/file-text.mjs";
import LayoutTemplate from "lucide-react/dist/esm/icons/layout-template.mjs";
import MessageCircle from "lucide-react/dist/esm/icons/message-circle.mjs";
import TextQuote from "lucide-react/dist/esm/icons/text-quote.mjs";
import { ColorModeContext } from "$/utils/context";
import { act } from "./frame.js";
import { setLocale, useI18n } from "./i18n.js";
import { makeStore } from "./store.js";

const PAUSE = 180;
const SIGNS = { document: FileText, assistant: Bot, prompt: TextQuote, template: LayoutTemplate };
const opened = makeStore(null);
const nothing = () => null;

/** Open the palette; with `search` only what was said is looked for. */
export const openPalette = (search = false) => opened.set(opened.get() === null ? { search } : null);

const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

/** How well a name fits what was typed: whole words before beginnings, these before letters in order; 0 is not. */
export function fit(name, typed) {
  const [text, wanted] = [fold(name), fold(typed).trim()];
  if (!wanted) return 1;
  const at = text.indexOf(wanted);
  if (at === 0) return 4;
  if (at > 0) return /[\s/]/.test(text[at - 1]) ? 3 : 2;
  let from = 0;
  let gaps = 0;
  for (const sign of wanted.replaceAll(" ", "")) {
    const next = text.indexOf(sign, from);
    if (next < 0) return 0;
    gaps += next - from;
    from = next + 1;
  }
  return gaps > wanted.length * 3 ? 0 : 1 / (1 + gaps);
}

const best = (commands, typed) =>
  commands
    .map((command) => ({ command, score: Math.max(...[command.label, ...command.others].map((name) => fit(name, typed))) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ command }) => command);

/** The filters that what is being typed may become: all of them after a blank, else those that begin so. */
function offered(filters, typed) {
  const last = typed.split(/\s/).pop();
  if (last.includes(":")) {
    const known = filters.find(({ name }) => last.toLowerCase().startsWith(name));
    const value = last.slice(last.indexOf(":") + 1).toLowerCase();
    return (known?.values ?? []).filter((each) => each.startsWith(value) && each !== value).map((each) => `${known.name}${each} `);
  }
  return filters.map(({ name }) => name).filter((name) => name.startsWith(last.toLowerCase()));
}

const snippet = (pieces) => pieces.map((piece, place) => (piece.is_hit ? h("mark", { key: place }, piece.text) : piece.text));

function useRun(onLocale, onTheme) {
  const navigate = useNavigate();
  const { setColorMode } = useContext(ColorModeContext);
  return (item) => {
    if (item.locale) {
      setLocale(item.locale);
      onLocale(item.locale);
    } else if (item.theme) {
      setColorMode(item.theme);
      onTheme(item.theme);
    } else act(item, navigate);
  };
}

const ORDER = ["acts", "pages", "administration", "account", "look"];

const inGroups = (commands, labels) =>
  ORDER.map((group) => ({ name: labels[group], rows: commands.filter((command) => command.group === group) }));

function rowsOf({ search, typed, commands, recent, found, labels }) {
  const isFound = found.query === typed.trim();
  const hits = (found.hits ?? []).map((hit) => ({ ...hit, kind: hit.message ? "message" : "conversation" }));
  const shown = search ? [] : best(commands, typed);
  const latest = recent.filter(({ label }) => fit(label, typed) >= 1).slice(0, typed.trim() ? 3 : 6);
  const known = new Set(isFound ? hits.map((hit) => hit.route) : []);
  return [
    { name: labels.commands, rows: typed.trim() ? shown.slice(0, 8) : [] },
    { name: labels.recent, rows: latest.filter(({ route }) => !known.has(route)) },
    { name: labels.things, rows: typed.trim() && isFound && !search ? (found.things ?? []) : [] },
    { name: labels.found, rows: typed.trim() ? hits : [] },
    ...(typed.trim() ? [] : inGroups(shown, labels)),
  ].filter(({ rows }) => rows.length);
}

function Dialog({ search, commands, recent, found, filters, labels, permissions, onLookUp, onLocale, onTheme }) {
  const i18n = useI18n();
  const run = useRun(onLocale, onTheme);
  const dialog = useRef(null);
  const field = useRef(null);
  const [typed, setTyped] = useState("");
  const [place, setPlace] = useState(0);
  const allowed = useMemo(() => {
    const may = ({ needs }) => !needs.length || needs.some((each) => permissions.includes(each));
    const isHere = ({ selector, route }) => !selector || route || document.querySelector(selector);
    return commands.filter((command) => may(command) && isHere(command));
  }, [commands, permissions]);
  const groups = rowsOf({ search, typed, commands: allowed, recent, found, labels });
  const rows = groups.flatMap((group) => group.rows);
  const chosen = Math.min(place, rows.length - 1);
  const isWaiting = typed.trim() !== "" && found.query !== typed.trim();

  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    field.current.focus();
    return () => before?.isConnected && before.focus?.({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (!typed.trim()) return undefined;
    const timer = setTimeout(() => onLookUp(typed.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    dialog.current.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const close = () => opened.set(null);
  function choose(row) {
    if (!row) return;
    close();
    // The dialog gives the focus back before anything else takes it.
    setTimeout(() => run(row), 0);
  }
  function write(text) {
    setTyped(text);
    setPlace(0);
  }
  function onKeyDown(event) {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in steps) {
      event.preventDefault();
      setPlace(Math.max(0, Math.min(chosen + steps[event.key], rows.length - 1)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(rows[chosen]);
    } else if (event.key === "Tab" && !event.shiftKey && chips.length && typed.trim()) {
      event.preventDefault();
      complete(chips[0]);
    }
  }
  const chips = offered(filters, typed);
  function complete(chip) {
    write(typed.slice(0, typed.length - typed.split(/\s/).pop().length) + chip);
    field.current.focus();
  }
  let number = -1;
  const row = (item) => {
    number += 1;
    const mine = number;
    return h(
      "div",
      {
        key: `${item.id}`,
        id: `command-${mine}`,
        role: "option",
        "aria-selected": mine === chosen,
        className: "command",
        "data-testid": item.kind ? "chat-search-hit" : item.thing ? "command-thing" : "command-item",
        "data-kind": item.thing,
        "data-id": item.id,
        "data-message-id": item.message || undefined,
        onClick: () => choose(item),
        onPointerMove: () => setPlace(mine),
      },
      h("span", { className: "command-sign" }, item.icon ?? h(SIGNS[item.thing] ?? MessageCircle, { size: 16, "aria-hidden": true })),
      h("span", { className: "command-words" },
        h("span", { className: "command-name", dir: "auto" }, item.label),
        item.pieces?.length > 0 && h("span", { className: "command-note", dir: "auto" }, snippet(item.pieces)),
      ),
      item.is_archived && h("span", { className: "command-tag" }, labels.archived),
      item.moment && h("time", { className: "command-tag", dateTime: item.moment }, i18n.date(item.moment, "date")),
      item.thing && h("span", { className: "command-tag" }, labels[item.thing]),
      item.keys && h("span", { className: "command-tag" }, item.keys),
    );
  };
  return h(
    "dialog",
    {
      ref: dialog,
      className: "palette",
      "aria-label": search ? labels.search : labels.palette,
      "data-testid": "command-palette",
      onKeyDown,
      onCancel: close,
      onClose: close,
      onClick: (event) => event.target === dialog.current && close(),
    },
    h("input", {
      ref: field,
      className: "palette-field",
      type: "text",
      role: "combobox",
      "aria-expanded": true,
      "aria-controls": "command-list",
      "aria-activedescendant": chosen >= 0 ? `command-${chosen}` : undefined,
      "aria-label": search ? labels.search : labels.palette,
      placeholder: search ? labels.search : labels.placeholder,
      value: typed,
      maxLength: 300,
      autoComplete: "off",
      spellCheck: false,
      "data-testid": search ? "chat-search-input" : "command-input",
      onChange: (event) => write(event.target.value),
    }),
    (search || typed) && chips.length > 0 &&
      h("div", { className: "palette-chips" }, chips.slice(0, 8).map((chip) =>
        h("button", { type: "button", key: chip, className: "palette-chip", tabIndex: -1, onClick: () => complete(chip), "data-testid": "search-chip" }, chip),
      )),
    h(
      "div",
      { id: "command-list", role: "listbox", className: "palette-list", "aria-label": labels.palette, "aria-busy": isWaiting },
      groups.map((group, n) =>
        h("div", { key: n, role: "group", "aria-label": group.name }, h("div", { className: "palette-group", "aria-hidden": true }, group.name), group.rows.map(row)),
      ),
    ),
    h(
      "p",
      { className: "palette-foot", role: "status" },
      found.unknown?.length && found.query === typed.trim()
        ? `${labels.unknown} ${found.unknown.join(", ")}`
        : rows.length ? labels.hint : isWaiting ? labels.waiting : typed.trim() ? labels.nothing : labels.hint,
    ),
  );
}

export function Palette(props) {
  const open = useSyncExternalStore(opened.subscribe, opened.get, nothing);
  return open && h(Dialog, { ...props, search: open.search });
}
