// Files on their way to the server. The queue belongs to the tab, so it goes on while other pages are shown.
import { useSyncExternalStore } from "react";
import { makeStore } from "./store.js";

const ADDRESS = "/api/files";
const AT_ONCE = 3;
const SPEED_SPAN = 2000;

const queue = makeStore([]);
const NONE = [];
let items = queue.get();
let counter = 0;

// Hundreds of files report many times a second; ten pictures a second are enough.
let isDue = false;
function publish() {
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    items = [...items];
    queue.set(items);
  }, 100);
}

/** What is on its way, and what became of it. Items change in place; their `version` tells when. */
export const useUploads = () => useSyncExternalStore(queue.subscribe, queue.get, () => NONE);

export const isActive = (item) => item.status === "waiting" || item.status === "sending";

function change(item, values) {
  Object.assign(item, values);
  item.version += 1;
  publish();
}

// What the server would refuse is refused here already, before a byte is sent. The server checks for itself.
function refusal(file, { mostBytes, endings, labels, advice }) {
  const ending = file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "";
  if (!endings.includes(`.${ending}`)) {
    if (advice?.[`.${ending}`]) return advice[`.${ending}`];
    const found = ending.slice(0, 20).toUpperCase() || "?";
    return { text: labels.unsupported, values: { found, readable: labels.readable } };
  }
  if (!file.size) return { text: labels.empty };
  const megabytes = Math.round(mostBytes / 1048576);
  return mostBytes && file.size > mostBytes ? { text: labels.tooLarge, values: { megabytes } } : null;
}

/** Take files into the queue, each `{file, folder}`; with `versionOf`, as the newest version of that document. */
export function add(found, rules) {
  if (!items.some(isActive)) items = [];
  const share = rules.share ? "everyone" : "me";
  for (const { file, folder } of found) {
    const error = refusal(file, rules);
    const status = error ? "failed" : "waiting";
    const { target = "", versionOf = "" } = rules;
    items.push({ id: ++counter, file: error ? slim(file) : file, folder, target, versionOf, share, status, error, version: 0, sent: 0, speed: 0 });
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
  request.setRequestHeader("X-Folder", item.target);
  request.setRequestHeader("X-Share", item.share);
  if (item.versionOf) request.setRequestHeader("X-Version-Of", item.versionOf);
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
    const status = outcome(answer);
    if (request.status === 201) end({ status, isNew: status === "done", number: answer?.version, key: answer?.id, sameAs: answer?.same_as?.[0], file: slim(item.file) });
    else end({ status: "failed", error: answer?.text ? answer : { text: null } });
  };
  request.onerror = () => end({ status: "failed", error: { text: null } });
  request.onabort = () => end({ status: "cancelled" });
  change(item, { status: "sending", sent: 0, speed: 0, error: null, request });
  request.send(item.file);
}

function outcome(answer) {
  if (answer?.is_duplicate) return "duplicate";
  if (answer?.same_as?.length) return "same";
  return answer?.version > 1 ? "renewed" : "done";
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

/** Say which uploads are much like other documents, each `{id, other_id, other_name, percent, can_join, can_manage}`. */
export function markAlike(found) {
  const alike = new Map(found.map((each) => [each.id, each]));
  for (const item of items.filter(isOpen)) {
    const each = alike.get(item.key);
    if (each) {
      const sameAs = { id: each.other_id, name: each.other_name, can_join: each.can_join, can_manage: each.can_manage };
      change(item, { status: "alike", percent: each.percent, sameAs });
    } else if (item.status === "alike") change(item, { status: "done" });
  }
}

/** Whether an upload is a document of its own of which nobody has said yet what it is beside others like it. */
export const isOpen = (item) => item.isNew && !item.isSettled;

/** Say what became of files that were there already; gives the pairs of documents that the server is to be told. */
export function settle(open, choice) {
  const gone = new Set();
  const settled = choice === "replace" ? open.filter(({ sameAs }) => sameAs.can_manage && !gone.has(sameAs.id) && gone.add(sameAs.id)) : open;
  const status = { keep: "done", replace: "replaced", version: "joined", skip: "skipped" }[choice];
  for (const item of settled) change(item, { status, isSettled: true });
  return settled.map((item) => [item.key, item.sameAs.id]);
}

export function cancel(item) {
  if (item.request) item.request.abort();
  else change(item, { status: "cancelled" });
}

export function cancelAll() {
  for (const item of items.filter(isActive).reverse()) cancel(item);
}

export function retry(item) {
  change(item, { status: "waiting", error: null });
  startNext();
}

export function clear() {
  items = items.filter(isActive);
  publish();
}

if (typeof window !== "undefined") {
  window.addEventListener("beforeunload", (event) => {
    if (items.some(isActive)) event.preventDefault();
  });
}
