// The pages of a PDF, drawn by pdf.js one by one as they come near the screen. No script of a PDF ever runs: what
// would run them is another library, which is not part of the product. Links and forms are drawn and do nothing.
import { createElement as h, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { getDocument, GlobalWorkerOptions, TextLayer } from "pdfjs-dist/legacy/build/pdf.mjs";
import workerAddress from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";
import { markPassage } from "./pdf_marks.js";

GlobalWorkerOptions.workerSrc = workerAddress;

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
const GAP = 12; // Pixels above a page, as in assets/preview.css.
const SHARPEST = 2;
const MOST_PIXELS = 16_000_000;

/** The policy of our pages allows no code that is made at run time, so that none is tried. */
function opened(address) {
  const parts = `${location.origin}/pdf/`; // See convosphere/launch/publishing.py.
  return getDocument({
    url: address, enableXfa: false, useWasm: false, wasmUrl: parts, cMapUrl: parts, verbosity: 0,
    // Of a large file only the parts that are looked at.
    disableAutoFetch: true, disableStream: true, rangeChunkSize: 1 << 20,
  });
}

function useDocument(address, attempt) {
  const [found, setFound] = useState({});
  useEffect(() => {
    let isHere = true;
    const task = opened(address);
    setFound({});
    task.promise
      .then(async (pdf) => ({ pdf, first: await pdf.getPage(1) }))
      .then((value) => isHere && setFound(value), (error) => isHere && setFound({ error }));
    return () => {
      isHere = false;
      task.destroy();
    };
  }, [address, attempt]);
  return found;
}

/** How wide the pages may be. */
function useWidth(element, ready) {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element.current) return undefined;
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    watcher.observe(element.current);
    return () => watcher.disconnect();
  }, [element, ready]);
  return width;
}

/** Whether an element is near the screen. Before it has its size nothing is: all pages would lie within one screen. */
function useNear(element, root, isSized) {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (!isSized) return undefined;
    const watcher = new IntersectionObserver(([entry]) => setNear(entry.isIntersecting), {
      root: root.current,
      rootMargin: "800px",
    });
    watcher.observe(element.current);
    return () => watcher.disconnect();
  }, [element, root, isSized]);
  return isNear;
}

async function drawPage(page, viewport, canvas, words, isWanted) {
  const sharpness = Math.min(
    window.devicePixelRatio || 1,
    SHARPEST,
    Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)),
  );
  canvas.width = Math.floor(viewport.width * sharpness);
  canvas.height = Math.floor(viewport.height * sharpness);
  const transform = sharpness === 1 ? undefined : [sharpness, 0, 0, sharpness, 0, 0];
  const drawing = page.render({ canvas, viewport, transform });
  isWanted.cancel = () => drawing.cancel();
  await drawing.promise;
  const content = await page.getTextContent();
  words.replaceChildren();
  const layer = new TextLayer({ textContentSource: content, container: words, viewport });
  isWanted.cancel = () => layer.cancel();
  await layer.render();
  return layer;
}

/** One page: room for it at all times, its picture and its words while it is near. */
function Page({ pdf, number, size, width, root, passage, onMarked, labels, onFailure }) {
  const box = useRef(null);
  const canvas = useRef(null);
  const words = useRef(null);
  const isNear = useNear(box, root, width > 0);
  const [own, setOwn] = useState(size);
  const [isDrawn, setDrawn] = useState(false);
  // Its end has to be known the moment that canvas and words are gone, not some time after.
  useLayoutEffect(() => {
    if (!isNear || !width) return undefined;
    const wanted = { isHere: true, cancel: () => {} };
    (async () => {
      const page = await pdf.getPage(number);
      const base = page.getViewport({ scale: 1 });
      if (!wanted.isHere) return;
      setOwn({ width: base.width, height: base.height });
      const viewport = page.getViewport({ scale: width / base.width });
      words.current.style.setProperty("--total-scale-factor", viewport.scale);
      const layer = await drawPage(page, viewport, canvas.current, words.current, wanted);
      if (!wanted.isHere) return;
      setDrawn(true);
      if (passage) onMarked(markPassage(layer, passage), number);
    })().catch((error) => wanted.isHere && onFailure(error));
    return () => {
      wanted.isHere = false;
      wanted.cancel();
      setDrawn(false);
    };
  }, [pdf, number, width, isNear, passage]);
  const style = { width, height: width ? Math.round((width * own.height) / own.width) : undefined };
  return h(
    "div",
    {
      className: "pdf-page", ref: box, style, role: "group", "aria-label": labels.page.replace("{page}", number),
      "data-page": number, "data-drawn": isDrawn, "data-testid": "pdf-page",
    },
    isNear && h("canvas", { ref: canvas, "aria-hidden": true }),
    isNear && h("div", { ref: words, className: "pdf-words" }),
  );
}

const Tool = ({ name, sign, ...rest }) =>
  h("button", { type: "button", className: "pdf-tool", "aria-label": name, title: name, ...rest }, sign);

function Tools({ current, count, zoom, setZoom, goTo, labels }) {
  const [typed, setTyped] = useState(null);
  const step = ZOOMS.indexOf(zoom);
  const leave = () => {
    if (typed) goTo(Number(typed));
    setTyped(null);
  };
  return h(
    "div",
    { className: "pdf-tools", role: "toolbar", "aria-label": labels.tools },
    h(Tool, { name: labels.before, sign: "↑", disabled: current <= 1, onClick: () => goTo(current - 1) }),
    h(Tool, {
      name: labels.after, sign: "↓", disabled: current >= count, onClick: () => goTo(current + 1), "data-testid": "pdf-after",
    }),
    h("input", {
      className: "pdf-number", inputMode: "numeric", "aria-label": labels.goTo, value: typed ?? current,
      onChange: (event) => setTyped(event.target.value.replace(/\D/g, "")), onBlur: leave,
      onKeyDown: (event) => event.key === "Enter" && leave(), "data-testid": "pdf-number",
    }),
    h("span", { className: "quiet tabular" }, labels.of.replace("{count}", count)),
    h("span", { className: "pdf-gap" }),
    h(Tool, { name: labels.smaller, sign: "−", disabled: step <= 0, onClick: () => setZoom(ZOOMS[step - 1]) }),
    h("span", { className: "quiet tabular" }, `${Math.round(zoom * 100)} %`),
    h(Tool, { name: labels.larger, sign: "+", disabled: step >= ZOOMS.length - 1, onClick: () => setZoom(ZOOMS[step + 1]) }),
  );
}

/** The page that fills most of the top of the view. */
function useCurrent(scroller, count) {
  const [current, setCurrent] = useState(1);
  useEffect(() => {
    const view = scroller.current;
    if (!view) return undefined;
    const look = () => {
      const line = view.getBoundingClientRect().top + view.clientHeight / 3;
      const pages = view.children;
      let [low, high] = [0, pages.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (pages[middle].getBoundingClientRect().bottom < line) low = middle + 1;
        else high = middle;
      }
      setCurrent(low + 1);
    };
    view.addEventListener("scroll", look, { passive: true });
    return () => view.removeEventListener("scroll", look);
  }, [scroller, count]);
  return current;
}

/** Leads to the cited page once, and to the mark on it once that is drawn, unless the reader has moved on. */
function useLead(scroller, page, isReady, width) {
  const led = useRef("");
  useEffect(() => {
    const target = scroller.current?.children[page - 1];
    if (!isReady || !width || !target || led.current) return;
    led.current = "page";
    scroller.current.scrollTop = target.offsetTop - GAP;
  }, [page, isReady, width]);
  return (mark) => {
    if (!mark || led.current !== "page") return;
    led.current = "mark";
    const view = scroller.current;
    view.scrollTop += mark.getBoundingClientRect().top - view.getBoundingClientRect().top - view.clientHeight / 4;
  };
}

/** What is read stays where it is while the pages grow or shrink. */
function useSteadyPlace(scroller, width) {
  const before = useRef(0);
  useLayoutEffect(() => {
    if (scroller.current && before.current && width) scroller.current.scrollTop *= width / before.current;
    before.current = width;
  }, [scroller, width]);
}

export function PdfPages({ address, page = 0, passage = "", labels, retry, attempt }) {
  const { pdf, first, error } = useDocument(address, attempt);
  const scroller = useRef(null);
  const [zoom, setZoom] = useState(1);
  const [failure, setFailure] = useState(null);
  const room = useWidth(scroller, Boolean(first));
  const count = pdf?.numPages ?? 0;
  const current = useCurrent(scroller, count);
  const size = useMemo(() => first?.getViewport({ scale: 1 }), [first]);
  const width = Math.floor(room * zoom);
  useSteadyPlace(scroller, width);
  const showMark = useLead(scroller, page, Boolean(first), width);
  if (error || failure) {
    return h(
      "div",
      { className: "preview-failure", role: "status", "data-testid": "preview-failure" },
      h("p", null, error?.status === 404 ? labels.gone : labels.failed),
      h("button", { type: "button", className: "preview-retry", onClick: () => (setFailure(null), retry()) }, labels.retry),
    );
  }
  if (!first) return h("div", { className: "skeleton preview-waiting", role: "status", "aria-label": labels.loading });
  const goTo = (number) => {
    const target = scroller.current.children[Math.min(Math.max(number, 1), count) - 1];
    if (target) scroller.current.scrollTop = target.offsetTop - GAP;
  };
  const isCited = (number) => passage && (number === page || number === page + 1);
  return h(
    "div",
    { className: "pdf", "data-testid": "pdf", "data-pages": count },
    h(Tools, { current, count, zoom, setZoom, goTo, labels }),
    h(
      "div",
      { className: "pdf-scroller", ref: scroller, tabIndex: 0, role: "region", "aria-label": labels.pages },
      Array.from({ length: count }, (_, index) =>
        h(Page, {
          key: index, pdf, number: index + 1, size, width, root: scroller, labels, onFailure: setFailure,
          passage: isCited(index + 1) ? passage : "", onMarked: showMark,
        }),
      ),
    ),
  );
}
