// What the parts of a Markdown text share: words on their buttons, and whom they tell of a click.
import { createContext, createElement as h, useContext, useEffect, useState } from "react";

export const Surroundings = createContext({ current: {} });

/** The words on buttons, by name; a word that is missing is its name. */
export function useWords() {
  const { labels = {} } = useContext(Surroundings).current;
  return (name, values = {}) =>
    (labels[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** A library that is fetched once, by the first who needs it; one that could not be fetched is tried again. */
export function lazily(load) {
  let value;
  let pending;
  const begin = () =>
    load().then(
      (loaded) => (value = loaded),
      (error) => {
        pending = undefined;
        throw error;
      },
    );
  return { get: () => value, load: () => (pending ??= begin()) };
}

export function useLazily(library, needed) {
  const [, wake] = useState(false);
  useEffect(() => {
    let isHere = true;
    // Without it the text is shown as it is written.
    if (needed && !library.get()) library.load().then(() => isHere && wake(true), () => {});
    return () => {
      isHere = false;
    };
  }, [library, needed]);
  return needed ? library.get() : undefined;
}

/** Whether something has come near what is on the screen; it stays true. */
export function useSeen(element) {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (isSeen || !element.current) return undefined;
    const watcher = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), {
      rootMargin: "600px",
    });
    watcher.observe(element.current);
    return () => watcher.disconnect();
  }, [element, isSeen]);
  return isSeen;
}

const DRAWINGS = {
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  done: "M5 12l5 5L20 7",
  download: "M12 4v11m-5-5 5 5 5-5M5 20h14",
  wrap: "M4 6h16M4 12h13a3 3 0 0 1 0 6h-4m2-2-2 2 2 2M4 18h5",
  preview: "M4 5h16v14H4zM4 9h16",
  code: "M8 7l-5 5 5 5m8-10 5 5-5 5",
};

/** A small button with a drawing, a name, and perhaps a word. */
export function ToolButton({ drawing, name, word, testId, ...rest }) {
  const icon = h(
    "svg",
    { viewBox: "0 0 24 24", width: 15, height: 15, fill: "none", stroke: "currentColor", "aria-hidden": true },
    h("path", { d: DRAWINGS[drawing], strokeWidth: 1.8, strokeLinecap: "round", strokeLinejoin: "round" }),
  );
  const named = { "aria-label": word ?? name, title: word ? undefined : name };
  const words = word && h("span", { className: "tool-word" }, word);
  return h("button", { type: "button", className: "tool", "data-testid": testId, ...named, ...rest }, icon, words);
}

/** Hand a text to the browser to be saved. */
export function saveText(text, name, type = "text/plain") {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
