// Who is to answer the same question: the form that begins a comparison.
import { createElement as h, useEffect, useState } from "react";
import { MOST, start } from "./pane_layout.js";
import { finder } from "./model_search.js";

const FEW = 8;
const PAUSE_MILLISECONDS = 250;

/**
 * Who is to answer the same question; between two and four. `favourites` are ids of models; of `assistants` there may be
 * many, so that the server is asked for those that a text finds.
 */
export function CompareForm({ labels, models, favourites, assistants, onLookUp, onDone }) {
  const [chosen, setChosen] = useState([]);
  const [text, setText] = useState(null);
  const finds = finder(text ?? "");
  useEffect(() => {
    if (text === null) return undefined;
    const timer = setTimeout(() => onLookUp(text), PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text]);
  const isChosen = (query) => chosen.some((each) => each.query === query);
  const toggle = (row) =>
    setChosen((before) => (isChosen(row.query) ? before.filter(({ query }) => query !== row.query) : [...before, row]));
  const ofModel = ({ id, name, provider, is_reader: isReader }) => ({
    query: `?model=${encodeURIComponent(id)}`, name: isReader ? labels.reader : name, note: isReader ? labels.readerNote : provider,
    isFavourite: favourites.includes(id),
  });
  const ofAssistant = ({ id, name, description, is_favourite: isFavourite }) => ({
    query: `?assistant=${id}`, name, note: description, isFavourite,
  });
  const offered = assistants.map(ofAssistant);
  const isOffered = new Set(offered.map(({ query }) => query));
  const kept = chosen.filter(({ query }) => query.startsWith("?assistant=") && !isOffered.has(query));
  const [asked, helping] = [models.map(ofModel), [...kept, ...offered]];
  const rows = [...asked, ...helping];
  const others = (found) => found.filter(({ isFavourite }) => !isFavourite);
  const groups = [
    { name: labels.favourites, found: rows.filter(({ isFavourite }) => isFavourite) },
    { name: labels.models, found: others(asked) },
    { name: labels.assistants, found: others(helping) },
  ];
  const line = (row) => {
    const { query, name, note } = row;
    return h(
      "label",
      { key: query, className: "compare-row" },
      h("input", {
        type: "checkbox",
        checked: isChosen(query),
        disabled: chosen.length >= MOST && !isChosen(query),
        "data-testid": "compare-option",
        "data-query": query,
        onChange: () => toggle(row),
      }),
      h("span", { className: "compare-words" }, h("span", { dir: "auto" }, name), note && h("span", { className: "quiet", dir: "auto" }, note)),
    );
  };
  // What is chosen stays in sight, whatever is searched.
  const shown = (found) => found.filter(({ query, name, note }) => isChosen(query) || finds(`${name} ${note}`));
  const group = ({ name, found }) =>
    found.length > 0 && h("fieldset", { key: name, className: "compare-group" }, h("legend", null, name), found.map(line));
  const search = h("input", {
    type: "search", className: "plain-input compare-search", value: text ?? "", placeholder: labels.search, "aria-label": labels.search,
    autoFocus: window.matchMedia("(pointer: fine)").matches, "data-testid": "compare-search", onChange: (event) => setText(event.target.value),
    // Here it searches; it begins nothing.
    onKeyDown: (event) => event.key === "Enter" && event.preventDefault(),
  });
  function submit(event) {
    event.preventDefault();
    start(rows.filter(({ query }) => isChosen(query)).map(({ query, name }) => ({ query, label: name, isCompared: true })), true);
    onDone();
  }
  return h(
    "form",
    { className: "compare", onSubmit: submit },
    h("p", { className: "quiet" }, labels.help),
    (rows.length > FEW || text !== null) && search,
    h("div", { className: "compare-groups" }, groups.map(({ name, found }) => group({ name, found: shown(found) }))),
    h("div", { className: "dialog-acts" }, h("button", { type: "submit", className: "compare-start", disabled: chosen.length < 2, "data-testid": "compare-start" }, labels.begin)),
  );
}
