// Models to choose from: a search, groups by who runs them, and what each can do, reads, costs, and how it does.
import { createElement as h, memo, useCallback, useDeferredValue, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Dialog, IconButton, TextField } from "@radix-ui/themes";
import Bot from "lucide-react/dist/esm/icons/bot.mjs";
import Brain from "lucide-react/dist/esm/icons/brain.mjs";
import Code from "lucide-react/dist/esm/icons/code.mjs";
import Cpu from "lucide-react/dist/esm/icons/cpu.mjs";
import Eye from "lucide-react/dist/esm/icons/eye.mjs";
import Feather from "lucide-react/dist/esm/icons/feather.mjs";
import Gem from "lucide-react/dist/esm/icons/gem.mjs";
import Globe from "lucide-react/dist/esm/icons/globe.mjs";
import Image from "lucide-react/dist/esm/icons/image.mjs";
import Languages from "lucide-react/dist/esm/icons/languages.mjs";
import Leaf from "lucide-react/dist/esm/icons/leaf.mjs";
import Mic from "lucide-react/dist/esm/icons/mic.mjs";
import Search from "lucide-react/dist/esm/icons/search.mjs";
import Server from "lucide-react/dist/esm/icons/server.mjs";
import Shield from "lucide-react/dist/esm/icons/shield.mjs";
import Sparkles from "lucide-react/dist/esm/icons/sparkles.mjs";
import Star from "lucide-react/dist/esm/icons/star.mjs";
import TextQuote from "lucide-react/dist/esm/icons/text-quote.mjs";
import Wrench from "lucide-react/dist/esm/icons/wrench.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import Zap from "lucide-react/dist/esm/icons/zap.mjs";
import { ChoiceList } from "./choices.js";
import { useI18n } from "./i18n.js";
import { groupsOf } from "./model_search.js";
import { focusSearch } from "./pickers.js";
import { makeStore } from "./store.js";

// Signing out forgets what begins with the name of drafts.
const USED = "convosphere.draft.models-used";
const MOST_USED = 3;
const LONGEST_SEARCH = 300;
// The names that `llm.service.offering.ICONS` allows.
const ICONS = {
  bot: Bot, brain: Brain, sparkles: Sparkles, zap: Zap, feather: Feather, gem: Gem, leaf: Leaf, globe: Globe, server: Server,
  cpu: Cpu, shield: Shield, code: Code, languages: Languages, eye: Eye, image: Image, mic: Mic, search: Search,
};
const ABILITIES = [["vision", Eye], ["tools", Wrench], ["thinking", Brain]];
const TROUBLES = { failing: "red", resting: "red", probing: "amber" };

function readUsed() {
  try {
    const used = JSON.parse(localStorage.getItem(USED) ?? "[]");
    return Array.isArray(used) ? used : [];
  } catch {
    return [];
  }
}

function noteUsed(id) {
  try {
    localStorage.setItem(USED, JSON.stringify([id, ...readUsed().filter((other) => other !== id)].slice(0, MOST_USED)));
  } catch {
    // The browser's room is used up: the list of those used last stays as it is.
  }
}

/**
 * `models` are rows of `ModelItem`, of which `model` is chosen now, and `favourites` the ids of some; what else is to choose
 * comes below them.
 */
export function ModelOffer({ models, favourites, model = "", labels, testId = "model-option", onChoose, onFavour, children }) {
  const [text, setText] = useState("");
  const [used] = useState(readUsed);
  // What a star changes stays where it is, under the cursor and the focus, until the list is opened again.
  const [starredHere, setStarredHere] = useState({});
  const list = useRef(null);
  const wasFavourite = (id) => starredHere[id] ?? favourites.includes(id);
  const first = models.map(({ id }) => id).filter(wasFavourite);
  const groups = groupsOf(models, useDeferredValue(text), labels, first, used);
  useEffect(() => {
    list.current?.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  }, []);
  const choose = useCallback(
    (id) => {
      noteUsed(id);
      onChoose(id);
    },
    [onChoose],
  );
  const favour = useCallback(
    (id, isFavourite) => {
      setStarredHere((before) => ({ [id]: !isFavourite, ...before }));
      onFavour(id, isFavourite);
    },
    [onFavour],
  );
  const field = h(
    TextField.Root,
    {
      type: "search", size: "2", value: text, maxLength: LONGEST_SEARCH, placeholder: labels.search, "aria-label": labels.search,
      "data-testid": "model-search", onChange: (event) => setText(event.target.value),
    },
    h(TextField.Slot, null, h(Search, { size: 16, "aria-hidden": true })),
  );
  const group = ({ key, name, rows }) =>
    h(
      "div",
      { key, role: "group", "aria-label": name, className: "model-group", "data-testid": "model-group" },
      h("p", { className: "model-group-name", "aria-hidden": true, dir: "auto" }, name),
      rows.map((row) =>
        h(Line, {
          key: row.id, row, isCurrent: row.id === model, isFavourite: favourites.includes(row.id), labels, testId, onChoose: choose,
          onFavour: favour,
        }),
      ),
    );
  return h(
    ChoiceList,
    { label: labels.models },
    field,
    h(
      "div",
      { className: "choice-lines", ref: list },
      groups.map(group),
      groups.length === 0 && h("p", { className: "quiet", role: "status" }, labels.nothing),
    ),
    children,
  );
}

const Line = memo(function Line({ row, isCurrent, isFavourite, labels, testId, onChoose, onFavour }) {
  const icon = row.is_reader ? TextQuote : ICONS[row.icon] ?? Bot;
  const name = row.is_reader ? labels.reader : row.name;
  const line = h(
    "button",
    {
      type: "button",
      className: "choice-line model-line",
      "aria-current": isCurrent ? "true" : "false",
      onClick: () => onChoose(row.id),
      "data-testid": testId,
      "data-model": row.id,
      "data-health": row.state,
    },
    h(icon, { size: 18, "aria-hidden": true }),
    h(
      "span",
      { className: "choice-words" },
      h("span", { className: "choice-name", dir: "auto" }, name),
      h(Facts, { row, labels }),
    ),
    h(Signs, { row, labels }),
  );
  const star = h(
    "button",
    {
      type: "button",
      className: "choice-beside model-star",
      "aria-label": labels.favourite.replace("{name}", name),
      "aria-pressed": isFavourite ? "true" : "false",
      title: isFavourite ? labels.unstar : labels.star,
      onClick: () => onFavour(row.id, !isFavourite),
      "data-testid": "model-favourite",
      "data-model": row.id,
    },
    h(Star, { size: 16, "aria-hidden": true }),
  );
  return h("div", { className: "choice-row model-row" }, line, star);
});

/** How much it reads and what it costs, or what is the matter with it. */
function Facts({ row, labels }) {
  if (row.is_reader) return h("span", { className: "quiet choice-note" }, labels.readerNote);
  const tone = TROUBLES[row.state];
  return h(
    "span",
    { className: "quiet choice-note model-facts" },
    tone &&
      h("span", { className: "status-word", "data-accent-color": tone }, h("span", { className: "status-dot", "aria-hidden": true }), labels[row.state]),
    row.context && h("span", { title: labels.reads.replace("{tokens}", row.context) }, row.context),
    h(Cost, { row, labels }),
  );
}

function Cost({ row, labels }) {
  const i18n = useI18n();
  if (row.input_price < 0) return h("span", null, labels.unpriced);
  if (row.input_price === 0 && row.output_price === 0) return h("span", null, labels.unpaid);
  const [input, output] = [row.input_price, row.output_price].map((price) => i18n.money(price, row.currency));
  return h("span", { title: labels.priced }, `${input} / ${output}`);
}

function Signs({ row, labels }) {
  const able = ABILITIES.filter(([name]) => row.abilities.includes(name));
  return h(
    "span",
    { className: "model-signs" },
    able.map(([name, icon]) => h("span", { key: name, title: labels[name], role: "img", "aria-label": labels[name] }, h(icon, { size: 14, "aria-hidden": true }))),
  );
}

/** The answer that is to be given again, "" for none. */
const again = makeStore("");
const none = () => "";

/** Asks which model is to give an answer again. */
export function askAgain(message) {
  again.set(message);
}

/** Stands once on the page. */
export function AgainDialog({ models, favourites, labels, onOpen, onAgain, onFavour }) {
  const message = useSyncExternalStore(again.subscribe, again.get, none);
  const close = () => again.set("");
  useEffect(() => {
    if (message) onOpen();
  }, [message]);
  useEffect(() => close, []);
  const choose = (model) => {
    close();
    onAgain(message, model);
  };
  return h(
    Dialog.Root,
    { open: message !== "", onOpenChange: close },
    h(
      Dialog.Content,
      { maxWidth: "440px", "aria-describedby": undefined, onOpenAutoFocus: focusSearch },
      h(
        "div",
        { className: "dialog-head" },
        h(Dialog.Title, { className: "dialog-title" }, labels.title),
        h(
          Dialog.Close,
          null,
          h(IconButton, { "aria-label": labels.close, variant: "ghost", color: "gray", type: "button", className: "icon-button" }, h(X, { size: 18, "aria-hidden": true })),
        ),
      ),
      h(ModelOffer, { models, favourites, labels, testId: "regenerate-model", onChoose: choose, onFavour }),
    ),
  );
}
