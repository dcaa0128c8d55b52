// A picture of oneself or of an assistant: the person says which part of it, the server cuts that out and makes one of its own of it.
import { createElement as h, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useI18n } from "./i18n.js";
import { makeStore } from "./store.js";

const MOST_BYTES = 5_000_000;
const MOST_ZOOM = 4; // The server takes no smaller part.
const STEP = 0.05; // Of the frame, for a press of an arrow key.
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The picture of which a part is to be chosen: `settle` takes the part, or null from whoever thinks better of it.
const question = makeStore(null);

export const useIsChoosing = () =>
  useSyncExternalStore(question.subscribe, () => question.get() !== null, () => false);

function end(part) {
  const { settle } = question.get() ?? {};
  question.set(null);
  settle?.(part);
}

/** The person closed the dialog. */
export const withdraw = () => end(null);

/** What the browser makes of a file; undefined where that is no picture, which is for the server to say. */
async function read(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    return image;
  } catch {
    URL.revokeObjectURL(image.src);
  }
}

/** Let the person choose; a part is `{x, y, side}` as the server takes it. */
async function choosePart(image) {
  withdraw();
  const part = await new Promise((settle) => question.set({ image, settle }));
  URL.revokeObjectURL(image.src);
  return part;
}

/** What the server made of it, or why it did not. */
async function send(address, file, part) {
  const response = await fetch(`${address}?${new URLSearchParams(part)}`, {
    method: "POST",
    headers: { "X-Requested-With": "convosphere", "Content-Type": "application/octet-stream" },
    body: file,
    credentials: "same-origin",
  });
  return { isDone: response.ok, answer: await response.json() };
}

/** Around the button that opens the choice of files. */
export function FaceUpload({ address, label, busyLabel, offline, tooLarge, onDone, children }) {
  const i18n = useI18n();
  const input = useRef(null);
  const [error, setError] = useState(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => withdraw, []);

  async function take(event) {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    if (file.size > MOST_BYTES) {
      setError({ text: tooLarge });
      return;
    }
    setError(null);
    const image = await read(file);
    const part = image ? await choosePart(image) : {};
    if (!part) return;
    setBusy(true);
    try {
      const { isDone, answer } = await send(address, file, part);
      if (isDone) onDone(answer);
      else setError(answer);
    } catch {
      setError({ text: offline });
    }
    setBusy(false);
  }

  return [
    h("input", {
      key: "file",
      ref: input,
      type: "file",
      accept: "image/png,image/jpeg,image/webp,image/gif",
      hidden: true,
      onChange: take,
      "data-testid": "avatar-input",
      "aria-label": label,
    }),
    h("span", { key: "act", onClick: () => !isBusy && input.current.click() }, children),
    isBusy && h("span", { key: "busy", role: "status", className: "quiet" }, busyLabel),
    error &&
      h(
        "p",
        { key: "error", role: "alert", className: "form-error face-error", "data-testid": "avatar-error" },
        i18n.message(error),
      ),
  ];
}

const between = (value, least, most) => Math.min(Math.max(value, least), most);
// `size` is the picture's length along an axis in frames, `place` how much of what does not fit lies before the frame.
const moved = (place, size, frames) => (size > 1 ? between(place - frames / (size - 1), 0, 1) : 0.5);
const zoomed = (place, size, factor) => {
  const centre = ((size - 1) * place + 0.5) / size;
  const grown = size * factor;
  return grown > 1 ? between((centre * grown - 0.5) / (grown - 1), 0, 1) : 0.5;
};

/** Where the frame is: `x`, `y` and how often the picture's shorter side is as long as the frame's. */
function usePlace({ naturalWidth, naturalHeight }) {
  const shorter = Math.min(naturalWidth, naturalHeight);
  const [place, setPlace] = useState({ x: 0.5, y: 0.5, zoom: 1 });
  const width = (zoom) => (zoom * naturalWidth) / shorter;
  const height = (zoom) => (zoom * naturalHeight) / shorter;
  const move = (right, down) =>
    setPlace(({ x, y, zoom }) => ({ x: moved(x, width(zoom), right), y: moved(y, height(zoom), down), zoom }));
  const zoomTo = (wanted) =>
    setPlace(({ x, y, zoom }) => {
      const next = between(wanted(zoom), 1, MOST_ZOOM);
      const factor = next / zoom;
      return { x: zoomed(x, width(zoom), factor), y: zoomed(y, height(zoom), factor), zoom: next };
    });
  return { place, move, zoomTo, width: width(place.zoom), height: height(place.zoom) };
}

/** The picture behind a round frame: it is dragged, or moved by the arrow keys, and grows by plus and minus. */
function Frame({ label, image, at }) {
  const from = useRef(null);
  const frame = useRef(null);

  function onPointerDown(event) {
    from.current = [event.clientX, event.clientY];
    frame.current.setPointerCapture(event.pointerId);
  }

  function onPointerMove({ clientX, clientY }) {
    if (!from.current) return;
    const [x, y] = from.current;
    from.current = [clientX, clientY];
    at.move((clientX - x) / frame.current.clientWidth, (clientY - y) / frame.current.clientWidth);
  }

  function onKeyDown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) at.move(...arrow.map((way) => way * STEP));
    else if (event.key === "+") at.zoomTo((zoom) => zoom * 1.1);
    else if (event.key === "-") at.zoomTo((zoom) => zoom / 1.1);
    else return;
    event.preventDefault();
  }

  const release = () => (from.current = null);
  return h(
    "div",
    {
      ref: frame,
      className: "face-part",
      tabIndex: 0,
      role: "application",
      "aria-label": label,
      "aria-describedby": "face-part-hint",
      "data-testid": "avatar-part",
      onPointerDown,
      onPointerMove,
      onPointerUp: release,
      onPointerCancel: release,
      onKeyDown,
    },
    h("img", {
      src: image.src,
      alt: "",
      draggable: false,
      style: {
        width: `${at.width * 100}%`,
        height: `${at.height * 100}%`,
        left: `${(1 - at.width) * at.place.x * 100}%`,
        top: `${(1 - at.height) * at.place.y * 100}%`,
      },
    }),
  );
}

function PartForm({ image, label, hint, zoomLabel, children }) {
  const at = usePlace(image);
  const { x, y, zoom } = at.place;
  const percent = `${Math.round(zoom * 100)} %`;

  function onSubmit(event) {
    event.preventDefault();
    event.stopPropagation();
    end({ x: x.toFixed(4), y: y.toFixed(4), side: (1 / zoom).toFixed(4) });
  }

  return h(
    "form",
    { className: "form-column", onSubmit },
    h(Frame, { label, image, at }),
    h("p", { id: "face-part-hint", className: "quiet face-part-hint" }, hint),
    h(
      "label",
      { className: "face-zoom" },
      h("span", null, zoomLabel),
      h("input", {
        type: "range",
        min: 1,
        max: MOST_ZOOM,
        step: 0.01,
        value: zoom,
        onChange: (event) => at.zoomTo(() => Number(event.target.value)),
        "aria-valuetext": percent,
        "data-testid": "avatar-zoom",
      }),
    ),
    children,
  );
}

/** What stands in the dialog. */
export function FacePart(props) {
  const { image } = useSyncExternalStore(question.subscribe, question.get, () => null) ?? {};
  return image ? h(PartForm, { key: image.src, image, ...props }) : null;
}
