// Files on their way to the server: the browser's half of convosphere/knowledge/components/upload.py.
// The queue belongs to the tab, so it goes on while other pages are shown.
import { createElement as h, memo, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useI18n } from "./i18n.js";

const ADDRESS = "/api/files";
const AT_ONCE = 3;
const MOST_ROWS = 100;
const SPEED_SPAN = 2000;
const isBrowser = typeof window !== "undefined";

let items = [];
let counter = 0;
const listeners = new Set();

// Hundreds of files report many times a second; ten pictures a second are enough.
let isDue = false;
function publish() {
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    items = [...items];
    for (const listener of listeners) listener();
  }, 100);
}
const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const NONE = [];
const useItems = () => useSyncExternalStore(subscribe, () => items, () => NONE);

const isActive = (item) => item.status === "waiting" || item.status === "sending";
const isHidden = (name) => name.startsWith(".") || name === "Thumbs.db" || name === "desktop.ini";

function change(item, values) {
  Object.assign(item, values);
  item.version += 1;
  publish();
}

// What the server would refuse is refused here already, before a byte is sent. The server checks for itself.
function refusal(file, { mostBytes, endings, labels }) {
  const ending = file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "";
  if (!endings.includes(`.${ending}`)) {
    const found = ending.slice(0, 20).toUpperCase() || "?";
    return { text: labels.unsupported, values: { found, readable: labels.readable } };
  }
  if (!file.size) return { text: labels.empty };
  const megabytes = Math.round(mostBytes / 1048576);
  return file.size > mostBytes ? { text: labels.tooLarge, values: { megabytes } } : null;
}

/** Take files into the queue, each `{file, folder}`. */
function add(found, rules) {
  if (!items.some(isActive)) items = [];
  const share = rules.share ? "everyone" : "me";
  for (const { file, folder } of found) {
    const error = refusal(file, rules);
    const status = error ? "failed" : "waiting";
    items.push({ id: ++counter, file: error ? slim(file) : file, folder, share, status, error, version: 0, sent: 0, speed: 0 });
  }
  publish();
  startNext();
}

function startNext() {
  const free = AT_ONCE - items.filter((item) => item.status === "sending").length;
  items
    .filter((item) => item.status === "waiting")
    .slice(0, Math.max(free, 0))
    .forEach(send);
}

function send(item) {
  const request = new XMLHttpRequest();
  const marks = [[performance.now(), 0]];
  request.open("POST", ADDRESS);
  request.setRequestHeader("X-Requested-With", "convosphere");
  request.setRequestHeader("X-File-Name", encodeURIComponent(item.file.name));
  request.setRequestHeader("X-Folder-Path", encodeURIComponent(item.folder));
  request.setRequestHeader("X-Share", item.share);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.upload.onprogress = ({ loaded }) => {
    const now = performance.now();
    marks.push([now, loaded]);
    while (marks.length > 2 && now - marks[0][0] > SPEED_SPAN) marks.shift();
    const seconds = (now - marks[0][0]) / 1000;
    change(item, { sent: loaded, speed: seconds > 0.2 ? (loaded - marks[0][1]) / seconds : item.speed });
  };
  const end = (values) => {
    change(item, { request: null, ...values });
    startNext();
  };
  request.onload = () => {
    const answer = readAnswer(request);
    if (request.status === 201) end({ status: answer?.is_duplicate ? "duplicate" : "done", file: slim(item.file) });
    else end({ status: "failed", error: answer?.text ? answer : { text: null } });
  };
  request.onerror = () => end({ status: "failed", error: { text: null } });
  request.onabort = () => end({ status: "cancelled" });
  change(item, { status: "sending", sent: 0, speed: 0, error: null, request });
  request.send(item.file);
}

function readAnswer(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

// What is stored is no longer held, so that the browser can let go of it.
const slim = ({ name, size }) => ({ name, size });

function cancel(item) {
  if (item.request) item.request.abort();
  else change(item, { status: "cancelled" });
}

function cancelAll() {
  for (const item of items.filter(isActive).reverse()) cancel(item);
}

function retry(item) {
  change(item, { status: "waiting", error: null });
  startNext();
}

function clear() {
  items = items.filter(isActive);
  publish();
}

async function filesOfEntry(entry, folder) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return isHidden(file.name) ? [] : [{ file, folder }];
  }
  const reader = entry.createReader();
  const path = folder ? `${folder}/${entry.name}` : entry.name;
  const found = [];
  for (;;) {
    // A reader hands out a hundred at a time, then none.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return found;
    for (const inner of entries) found.push(...(await filesOfEntry(inner, path)));
  }
}

async function filesOfDrop(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, folder: "" }));
  return (await Promise.all(entries.map((entry) => filesOfEntry(entry, "")))).flat();
}

const filesOfInput = (input) =>
  [...input.files]
    .filter((file) => !input.webkitdirectory || !isHidden(file.name))
    .map((file) => ({ file, folder: (file.webkitRelativePath || "").split("/").slice(0, -1).join("/") }));

const hasFiles = (event) => event.dataTransfer?.types?.includes("Files");

if (isBrowser) {
  window.addEventListener("beforeunload", (event) => {
    if (items.some(isActive)) event.preventDefault();
  });
}

/** Where files are dropped or picked. Files may be dropped anywhere on the page. */
export function UploadZone({ share, mostBytes, endings, labels, children }) {
  const files = useRef(null);
  const folder = useRef(null);
  const [isOver, setOver] = useState(false);
  const take = useRef(null);
  const early = useRef([]);
  const isReady = mostBytes > 0;
  // Until the server has said who sees uploads, what was dropped waits.
  take.current = (found) =>
    isReady ? add(found, { share, mostBytes, endings, labels }) : early.current.push(...found);
  useEffect(() => {
    if (isReady && early.current.length) take.current(early.current.splice(0));
  }, [isReady]);

  useEffect(() => {
    let depth = 0;
    const onEnter = (event) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const onLeave = () => {
      depth = Math.max(depth - 1, 0);
      if (!depth) setOver(false);
    };
    const onOver = (event) => hasFiles(event) && event.preventDefault();
    const onDrop = async (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      take.current(await filesOfDrop(event.dataTransfer));
    };
    const bound = [["dragenter", onEnter], ["dragleave", onLeave], ["dragover", onOver], ["drop", onDrop]];
    for (const [name, listener] of bound) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of bound) window.removeEventListener(name, listener);
    };
  }, []);

  const onChange = (event) => {
    take.current(filesOfInput(event.target));
    event.target.value = "";
  };
  const input = (ref, props) =>
    h("input", { type: "file", multiple: true, ref, onChange, className: "visually-hidden", tabIndex: -1, ...props });
  const pick = (ref, label, className) =>
    h("button", { type: "button", className, onClick: () => ref.current.click() }, label);

  return h(
    "section",
    { className: "upload-zone", "data-over": isOver, "aria-label": labels.zone },
    h(
      "p",
      { className: "upload-words" },
      h("span", null, labels.drop),
      " ",
      pick(files, labels.pickFiles, "upload-pick"),
      " · ",
      pick(folder, labels.pickFolder, "upload-pick"),
    ),
    input(files, { "data-testid": "upload-input", "aria-label": labels.pickFiles }),
    input(folder, { "data-testid": "upload-folder-input", "aria-label": labels.pickFolder, webkitdirectory: "" }),
    children,
  );
}

const RANK = { failed: 0, sending: 1, waiting: 2, duplicate: 3, done: 4, cancelled: 5 };

const words = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** What is on its way, and what became of it. */
export function UploadList({ labels }) {
  const i18n = useI18n();
  const shown = useItems();
  if (!shown.length) return null;
  const ended = shown.filter((item) => !isActive(item)).length;
  const rows = [...shown].sort((a, b) => RANK[a.status] - RANK[b.status] || a.id - b.id).slice(0, MOST_ROWS);
  const summary = words(labels.summary, { done: i18n.number(ended), total: i18n.number(shown.length) });
  return h(
    "section",
    { className: "uploads", "aria-label": labels.list },
    h(
      "div",
      { className: "uploads-head" },
      h("span", { role: "status" }, summary),
      ended < shown.length
        ? h("button", { type: "button", className: "upload-act", onClick: cancelAll }, labels.cancelAll)
        : h("button", { type: "button", className: "upload-act", onClick: clear }, labels.clear),
    ),
    h(
      "ul",
      { className: "upload-rows" },
      rows.map((item) => h(UploadRow, { key: item.id, item, version: item.version, labels, i18n })),
    ),
    shown.length > rows.length &&
      h("p", { className: "quiet" }, words(labels.more, { count: i18n.number(shown.length - rows.length) })),
  );
}

function stateOf(item, labels, i18n) {
  const size = i18n.bytes(item.file.size);
  if (item.status === "sending") {
    const speed = item.speed ? ` · ${i18n.bytes(item.speed)}/s` : "";
    return words(labels.sending, { sent: i18n.bytes(Math.min(item.sent, item.file.size)), size }) + speed;
  }
  if (item.status === "failed") return item.error?.text ? i18n.message(item.error) : labels.offline;
  return labels[item.status];
}

// Items change in place; the version tells when.
const UploadRow = memo(function UploadRow({ item, labels, i18n }) {
  const name = item.folder ? `${item.folder}/${item.file.name}` : item.file.name;
  const named = (text) => words(text, { name: item.file.name });
  const act = (label, onClick, testId) =>
    h("button", { type: "button", className: "upload-act", onClick, "aria-label": named(label.long), "data-testid": testId }, label.short);
  return h(
    "li",
    { className: "upload-row", "data-testid": "upload-row", "data-name": item.file.name, "data-status": item.status },
    h("span", { className: "upload-name", dir: "auto", title: name }, name),
    h("span", { className: "upload-state", role: item.status === "failed" ? "alert" : undefined }, stateOf(item, labels, i18n)),
    item.status === "sending" &&
      h("progress", { className: "progress", max: item.file.size || 1, value: item.sent, "aria-label": named(labels.progress) }),
    isActive(item) && act({ short: labels.cancel, long: labels.cancelNamed }, () => cancel(item), "upload-cancel"),
    item.status === "failed" &&
      item.file instanceof File &&
      act({ short: labels.retry, long: labels.retryNamed }, () => retry(item), "upload-retry"),
  );
});
