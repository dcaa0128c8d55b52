// Files that are to go with a message: brought by drop, paste, pick or camera, shown above the text, kept with its draft.
import { createElement as h, useEffect, useId, useRef, useSyncExternalStore } from "react";
import Bookmark from "lucide-react/dist/esm/icons/bookmark.mjs";
import Folder from "lucide-react/dist/esm/icons/folder.mjs";
import Tag from "lucide-react/dist/esm/icons/tag.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { useI18n } from "./i18n.js";
import { slotOf } from "./in_pane.js";
import { makeStore } from "./store.js";

const ADDRESS = "/api/attachments";
// Signing out forgets what begins with the name of drafts.
const KEPT = "convosphere.draft.files:";
const LOOK_AGAIN = 700;
const LONGEST_PASTE = 10_000_000;
const PASTE_AS_FILE = 100_000;
const MOST_FILES = 20;
const NONE = [];
// What stands for many documents: it is named alone, the server keeps nothing of it until it is sent.
const PLACES = { folder: Folder, tag: Tag, collection: Bookmark };

const places = makeStore(new Map());
let counter = 0;

const itemsOf = (place) => places.get().get(place) ?? NONE;

function put(place, items) {
  places.set(new Map(places.get()).set(place, items));
  keep(place, items);
}

const change = (place, key, values) =>
  put(place, itemsOf(place).map((item) => (item.key === key ? { ...item, ...values } : item)));

/** What is whole outlives the tab; the server keeps it for a day. */
function keep(place, items) {
  const whole = items.filter((item) => item.id && item.status !== "failed");
  try {
    if (whole.length) localStorage.setItem(KEPT + slotOf(place), JSON.stringify(whole.map(({ request, ...rest }) => rest)));
    else localStorage.removeItem(KEPT + slotOf(place));
  } catch {
    // The browser's room is used up: a reload forgets them.
  }
}

function recall(place) {
  if (places.get().has(place)) return;
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT + slotOf(place)) ?? "[]");
    put(place, kept.map((item) => ({ ...item, key: ++counter })));
    for (const item of itemsOf(place)) look(place, item.key, item.id);
  } catch {
    put(place, []);
  }
}

/** The files of a place, as they are. */
export function useFiles(place) {
  useEffect(() => recall(place), [place]);
  return useSyncExternalStore(places.subscribe, () => itemsOf(place), () => NONE);
}

export const isWorking = (items) => items.some(({ status }) => status === "sending" || status === "reading");

const readAnswer = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const problemOf = (answer) => (answer?.text ? { text: answer.text, values: answer.values } : { text: null });

function took(place, key, told) {
  const state = told.error ? "failed" : told.is_ready ? "ready" : "reading";
  const before = itemsOf(place).find((item) => item.key === key);
  const use = before?.isChosen ? before.use : told.use;
  change(place, key, {
    id: told.id, kind: told.kind, name: told.name, size: told.size, document: told.document_id, use,
    canBeWhole: told.can_be_whole, tokens: told.tokens, status: state, problem: told.error,
  });
  if (state === "reading") setTimeout(() => look(place, key, told.id), LOOK_AGAIN);
}

async function look(place, key, id) {
  if (!itemsOf(place).some((item) => item.key === key && !PLACES[item.kind])) return;
  try {
    const answer = await fetch(`${ADDRESS}/${id}`);
    if (answer.ok) took(place, key, await answer.json());
    // It has waited too long for its message.
    else if (answer.status === 404) put(place, itemsOf(place).filter((item) => item.key !== key));
  } catch {
    setTimeout(() => look(place, key, id), LOOK_AGAIN * 4);
  }
}

function add(place, item) {
  const key = ++counter;
  put(place, [...itemsOf(place), { key, status: "sending", done: 0, use: "search", ...item }]);
  return key;
}

/** Takes files in and sends them to the server. */
export function addFiles(place, files, { mostBytes, endings, labels }) {
  for (const file of files) {
    const isFull = itemsOf(place).length >= MOST_FILES;
    const problem = isFull ? { text: labels.tooMany } : file.size > mostBytes ? { text: labels.tooLarge } : file.size ? refusal(file, endings, labels) : { text: labels.empty };
    const kind = file.type.startsWith("image/") ? "image" : "document";
    const key = add(place, { name: file.name, size: file.size, kind, ...(problem && { status: "failed", problem }) });
    if (!problem) send(place, key, file);
  }
}

// The server would refuse it as well, after all of it has come.
function refusal({ name }, endings, labels) {
  const found = name.includes(".") ? name.split(".").pop().toLowerCase() : "";
  return endings.includes(`.${found}`) ? null : { text: labels.unsupported, values: { found: found.slice(0, 20).toUpperCase() || "?" } };
}

function send(place, key, file) {
  const request = new XMLHttpRequest();
  request.open("POST", ADDRESS);
  request.setRequestHeader("X-Requested-With", "convosphere");
  request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.upload.onprogress = ({ loaded }) => change(place, key, { done: file.size ? loaded / file.size : 1 });
  request.onload = () => {
    const answer = readAnswer(request.responseText);
    if (request.status === 201) took(place, key, answer);
    else change(place, key, { status: "failed", problem: problemOf(answer), request: null });
  };
  request.onerror = () => change(place, key, { status: "failed", problem: { text: null }, request: null });
  change(place, key, { request });
  request.send(file);
}

/** Takes a document that is there already. */
export async function addDocument(place, { id, name }) {
  const key = add(place, { name, size: 0, kind: "document", done: 1 });
  try {
    const answer = await fetch(`${ADDRESS}/documents/${id}`, { method: "POST", headers: { "X-Requested-With": "convosphere" } });
    const told = await answer.json();
    if (answer.status === 201) took(place, key, told);
    else change(place, key, { status: "failed", problem: problemOf(told) });
  } catch {
    change(place, key, { status: "failed", problem: { text: null } });
  }
}

/** Takes a folder, a tag or a collection, in which answers are looked for first; twice is once. */
export function addPlace(place, { id, name, kind }) {
  if (!itemsOf(place).some((item) => item.id === id)) add(place, { id, name, kind, size: 0, done: 1, status: "ready" });
}

function remove(place, item) {
  item.request?.abort();
  put(place, itemsOf(place).filter(({ key }) => key !== item.key));
  if (item.id && !PLACES[item.kind]) fetch(`${ADDRESS}/${item.id}`, { method: "DELETE", headers: { "X-Requested-With": "convosphere" } }).catch(() => {});
}

/** About how many tokens the files of a place take of a prompt; those that are searched take the room of passages. */
export const weightOf = (items) =>
  items.reduce((sum, { status, use, tokens }) => sum + (status === "ready" && use === "whole" ? (tokens ?? 0) : 0), 0);

/** The files that go with the message of a place, which has none any more. */
export function takeFiles(place) {
  const taken = itemsOf(place).filter(({ status }) => status === "ready");
  if (itemsOf(place).length) put(place, itemsOf(place).filter(({ status }) => status === "failed"));
  return taken;
}

/** Puts files back whose message was refused. */
export const returnFiles = (place, items) => items.length && put(place, [...items, ...itemsOf(place)]);

/** Files that are dropped anywhere on the page, or picked by name from outside, go to the place that is shown. */
export function useDrop(place, rules, setOver) {
  const latest = useRef(rules);
  latest.current = rules;
  useEffect(() => {
    if (!rules.canAttach) return undefined;
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    let depth = 0;
    const enter = (event) => hasFiles(event) && ++depth === 1 && setOver(true);
    const leave = (event) => hasFiles(event) && --depth === 0 && setOver(false);
    const over = (event) => hasFiles(event) && event.preventDefault();
    const drop = (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      addFiles(place, event.dataTransfer.files, latest.current);
    };
    const heard = { dragenter: enter, dragleave: leave, dragover: over, drop };
    for (const [name, act] of Object.entries(heard)) window.addEventListener(name, act);
    return () => {
      for (const [name, act] of Object.entries(heard)) window.removeEventListener(name, act);
    };
  }, [place, rules.canAttach, setOver]);
}

/** What a paste becomes: files and long texts are attached, what is larger than anything is refused with a word. */
export function onPaste(event, place, rules, tell) {
  const { files } = event.clipboardData;
  const text = event.clipboardData.getData("text/plain");
  if (files.length && rules.canAttach && !text) {
    event.preventDefault();
    addFiles(place, files, rules);
    return;
  }
  if (text.length < PASTE_AS_FILE / 4) return;
  const pasted = new File([text], `${rules.labels.pasted}.txt`, { type: "text/plain" });
  if (pasted.size >= LONGEST_PASTE) {
    event.preventDefault();
    tell(rules.labels.pasteTooLarge);
  } else if (pasted.size >= PASTE_AS_FILE && rules.canAttach) {
    event.preventDefault();
    addFiles(place, [pasted], rules);
  }
}

/** Buttons that pick files, or take a photo where there is a camera at hand. */
export function AttachButtons({ place, rules, picker }) {
  const camera = useRef(null);
  if (!rules.canAttach) return null;
  const pick = (event) => {
    addFiles(place, event.target.files, rules);
    event.target.value = "";
  };
  const input = (ref, testId, props) =>
    h("input", { ref, type: "file", hidden: true, tabIndex: -1, "aria-hidden": true, "data-testid": testId, onChange: pick, ...props });
  return [
    input(picker, "chat-attach-input", { key: "files", multiple: true }),
    input(camera, "chat-photo-input", { key: "photo", accept: "image/*", capture: "environment" }),
    h(Tool, { key: "attach", testId: "chat-attach", label: rules.labels.attach, onClick: () => picker.current.click() },
      h("path", { d: "m21.4 11.1-9.2 9.2a6 6 0 0 1-8.5-8.5l8.6-8.6a4 4 0 1 1 5.6 5.7l-8.6 8.5a2 2 0 0 1-2.8-2.8l8.5-8.5" })),
    h(Tool, { key: "camera", testId: "chat-photo", className: "attach-photo", label: rules.labels.photo, onClick: () => camera.current.click() },
      h("path", { d: "M14.5 4h-5L7 7H4a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V9a2 2 0 0 0-2-2h-3z" }),
      h("circle", { cx: 12, cy: 13, r: 3 })),
  ];
}

function Tool({ testId, label, className = "", onClick, children }) {
  const stroke = { fill: "none", stroke: "currentColor", strokeWidth: 2, strokeLinecap: "round", strokeLinejoin: "round" };
  return h("button", { type: "button", className: `composer-tool ${className}`, "aria-label": label, title: label, "data-testid": testId, onClick },
    h("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": true, ...stroke }, children));
}

/** The files above the text, and a word where the model sees no images. */
export function Attachments({ place, items, labels, model, seer, onSeer }) {
  if (!items.length) return null;
  const isBlind = !model.sees && items.some(({ kind, status }) => kind === "image" && status !== "failed");
  return h("div", { className: "attachments" }, [
    h("ul", { key: "files", className: "attachment-list", "aria-label": labels.files },
      items.map((item) => h(Chip, { key: item.key, place, item, labels }))),
    isBlind && h("p", { key: "blind", className: "attachment-note", role: "status", "data-testid": "attachment-blind" }, [
      h("span", { key: "words" }, labels.blind),
      seer && h("button", { key: "act", type: "button", className: "attachment-act", "data-testid": "attachment-seer", onClick: () => onSeer(seer.id) },
        labels.useModel.replace("{model}", seer.name)),
    ]),
  ]);
}

function Chip({ place, item, labels }) {
  const { message, bytes } = useI18n();
  const id = useId();
  const isImage = item.kind === "image" && item.status === "ready";
  const words = { sending: labels.sending, reading: labels.reading, failed: item.problem?.text ? message(item.problem) : labels.failed };
  const note = words[item.status] ?? (PLACES[item.kind] ? labels[item.kind] : item.size ? bytes(item.size) : "");
  return h("li", { className: "attachment", "data-testid": "attachment", "data-name": item.name, "data-status": item.status, "data-kind": item.kind }, [
    isImage
      ? h("a", { key: "image", href: `${ADDRESS}/${item.id}/image`, target: "_blank", rel: "noopener", className: "attachment-image" },
          h("img", { src: `${ADDRESS}/${item.id}/image`, alt: item.name }))
      : h("span", { key: "mark", className: "attachment-mark", "aria-hidden": true },
          PLACES[item.kind] ? h(PLACES[item.kind], { size: 18 }) : ending(item.name)),
    h("span", { key: "words", className: "attachment-words" }, [
      h("span", { key: "name", id, className: "attachment-name", dir: "auto", title: item.name },
        item.document && item.status === "ready" ? h("a", { href: `/knowledge/${item.document}`, target: "_blank", rel: "noopener" }, item.name) : item.name),
      h("span", { key: "note", className: item.status === "failed" ? "attachment-problem" : "quiet attachment-facts", role: item.status === "failed" ? "alert" : undefined }, note),
    ]),
    item.kind === "document" && item.status === "ready" &&
      h("select", { key: "use", className: "attachment-use", "aria-label": labels.use, value: item.use, "data-testid": "attachment-use",
        onChange: (event) => change(place, item.key, { use: event.target.value, isChosen: true }) }, [
        h("option", { key: "whole", value: "whole", disabled: !item.canBeWhole }, labels.whole),
        h("option", { key: "search", value: "search" }, labels.search),
      ]),
    h("button", { key: "remove", type: "button", className: "attachment-remove", "aria-label": `${labels.remove}: ${item.name}`, title: labels.remove,
      "data-testid": "attachment-remove", onClick: () => remove(place, item) }, h(X, { size: 16, "aria-hidden": true })),
    item.status === "sending" && h("progress", { key: "done", className: "attachment-progress", max: 1, value: item.done, "aria-labelledby": id }),
  ]);
}

const ending = (name) => (name.includes(".") ? name.split(".").pop().slice(0, 4).toUpperCase() : "…");
