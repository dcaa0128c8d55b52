// Shows a document as it looks, by its kind: the browser's half of convosphere/knowledge/components/preview.py.
// What draws PDFs is fetched by the first page that shows one.
import { createElement as h, useEffect, useRef, useState } from "react";
import { Recording } from "./recording.js";
import { lazily, useSeen } from "./surroundings.js";
import { Words } from "./words_of_file.js";

const GAP = 12; // Pixels above a page, as in assets/preview.css.
const pdf = lazily(async () => (await import("./pdf_pages.js")).PdfPages);

/** What a promise gives: nothing yet, a value, or an error; asked again when the key or the try changes. */
function useFetched(key, load, attempt) {
  const [found, setFound] = useState({});
  useEffect(() => {
    let isHere = true;
    setFound({});
    load().then((value) => isHere && setFound({ value }), (error) => isHere && setFound({ error }));
    return () => {
      isHere = false;
    };
  }, [key, attempt]);
  return found;
}

/** The server says in the person's language why it shows nothing. */
async function refusalOf(response, labels) {
  const told = await response.json().catch(() => null);
  return new Error(told?.title ?? labels.failed);
}

async function fetched(address, labels) {
  const response = await fetch(address, { headers: { accept: "*/*" } });
  if (!response.ok) throw await refusalOf(response, labels);
  if (response.status === 204) throw new Error(labels.refused); // A picture of which none can be made.
  return response;
}

export function Failure({ error, labels, retry }) {
  return h(
    "div",
    { className: "preview-failure", role: "status", "data-testid": "preview-failure" },
    h("p", null, error.message || labels.failed),
    h("button", { type: "button", className: "preview-retry", onClick: retry }, labels.retry),
  );
}

const Waiting = ({ labels }) =>
  h("div", { className: "skeleton preview-waiting", role: "status", "aria-label": labels.loading });

function Picture({ address, name, labels, retry, attempt }) {
  const load = async () => URL.createObjectURL(await (await fetched(address, labels)).blob());
  const { value, error } = useFetched(address, load, attempt);
  useEffect(() => () => value && URL.revokeObjectURL(value), [value]);
  if (error) return h(Failure, { error, labels, retry });
  if (!value) return h(Waiting, { labels });
  return h("img", { className: "preview-picture", src: value, alt: name, "data-testid": "preview-picture" });
}

function Text({ address, labels, retry, attempt, ...rest }) {
  const load = async () => {
    const response = await fetched(address, labels);
    return { text: await response.text(), isCut: response.headers.has("x-more") };
  };
  const { value, error } = useFetched(address, load, attempt);
  if (error) return h(Failure, { error, labels, retry });
  if (!value) return h(Waiting, { labels });
  return h(Words, { ...value, labels, ...rest });
}

/** A page that was made of a file: no origin, no script, and nothing that it could load; the server marks in it. */
function Sheet({ address, place, name, labels, retry, attempt }) {
  const load = async () => {
    const { ok } = await fetch(address, { method: "HEAD" });
    if (!ok) throw new Error(labels.refused);
    return place ? `${address}?passage=${place}#cited` : address;
  };
  const { value, error } = useFetched(`${address} ${place}`, load, attempt);
  if (error) return h(Failure, { error, labels, retry });
  if (!value) return h(Waiting, { labels });
  return h("iframe", { className: "preview-sheet", sandbox: "", src: value, title: name, "data-testid": "preview-sheet" });
}

/** Pictures of the pages, for who may not have the file; each is made when it comes near the screen. */
function Pages({ address, pages, page, labels }) {
  const scroller = useRef(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const target = scroller.current?.children[page - 1];
    if (target) scroller.current.scrollTop = target.offsetTop - GAP;
  }, [page, pages]);
  const base = address.replace(/preview$/, "pages");
  const sheet = (number) =>
    h(
      "div",
      { key: number, className: "pdf-page pdf-picture", "data-page": number },
      h("img", {
        src: `${base}/${number}`, loading: "lazy", alt: labels.page.replace("{page}", number), "data-testid": "page-picture",
        onLoad: (event) => event.target.parentNode.classList.remove("pdf-picture"), onError: () => setFailed(true),
      }),
    );
  return h(
    "div",
    { className: "pdf", "data-testid": "pages" },
    h("p", { className: "pdf-tools quiet" }, failed ? labels.failed : labels.viewOnly),
    h(
      "div",
      { className: "pdf-scroller", ref: scroller, tabIndex: 0, role: "region", "aria-label": labels.pages },
      Array.from({ length: pages }, (_, index) => sheet(index + 1)),
    ),
  );
}

function Pdf({ labels, retry, attempt, ...rest }) {
  const { value, error } = useFetched("pdf", () => pdf.load(), attempt);
  if (error) return h(Failure, { error: new Error(labels.failed), labels, retry });
  if (!value) return h(Waiting, { labels });
  return h(value, { labels, retry, attempt, ...rest });
}

/** A recording with what is said in it, as far as that is written down. */
function Played({ address, labels, retry, attempt, ...rest }) {
  const spoken = address.replace(/preview$/, "transcript");
  const { value, error } = useFetched(address, async () => (await fetched(spoken, labels)).json(), attempt);
  if (error) return h(Failure, { error, labels, retry });
  if (!value) return h(Waiting, { labels });
  return h(Recording, { address, labels, lines: value, ...rest });
}

const FACES = { pdf: Pdf, image: Picture, html: Sheet, pages: Pages, markdown: Text, text: Text, audio: Played, video: Played };

export function Preview({ kind = "", ...rest }) {
  const root = useRef(null);
  const isSeen = useSeen(root);
  const [attempt, setAttempt] = useState(0);
  const retry = () => setAttempt((before) => before + 1);
  const Face = FACES[kind];
  return h(
    "div",
    { className: "preview", ref: root, "data-kind": kind, "data-testid": "preview" },
    isSeen && Face && h(Face, { kind, retry, attempt, ...rest }),
  );
}
