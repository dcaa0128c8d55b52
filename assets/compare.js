// Who is to answer the same question: the form that begins a comparison.
import { createElement as h, useState } from "react";
import { MOST, start } from "./pane_layout.js";
import { finder } from "./model_search.js";

const FEW = 8;

/** Who is to answer the same question; between two and four. `favourites` are ids of models. */
export function CompareForm({ labels, models, favourites, assistants, onDone }) {
  const [chosen, setChosen] = useState([]);
  const [text, setText] = useState("");
  const finds = finder(text);
  const toggle = (query) =>
    setChosen((before) => (before.includes(query) ? before.filter((each) => each !== query) : [...before, query]));
  const ofModel = ({ id, name, provider, is_reader: isReader }) => ({
    query: `?model=${encodeURIComponent(id)}`, name: isReader ? labels.reader : name, note: isReader ? labels.readerNote : provider,
    isFavourite: favourites.includes(id),
  });
  const ofAssistant = ({ id, name, description, is_favourite: isFavourite }) => ({
    query: `?assistant=${id}`, name, note: description, isFavourite,
  });
  const [asked, helping] = [models.map(ofModel), assistants.map(ofAssistant)];
  const rows = [...asked, ...helping];
  const others = (found) => found.filter(({ isFavourite }) => !isFavourite);
  const groups = [
    { name: labels.favourites, found: rows.filter(({ isFavourite }) => isFavourite) },
    { name: labels.models, found: others(asked) },
    { name: labels.assistants, found: others(helping) },
  ];
  const row = ({ query, name, note }) =>
    h(
      "label",
      { key: query, className: "compare-row" },
      h("input", {
        type: "checkbox",
        checked: chosen.includes(query),
        disabled: chosen.length >= MOST && !chosen.includes(query),
        "data-testid": "compare-option",
        "data-query": query,
        onChange: () => toggle(query),
      }),
      h("span", { className: "compare-words" }, h("span", { dir: "auto" }, name), note && h("span", { className: "quiet", dir: "auto" }, note)),
    );
  // What is chosen stays in sight, whatever is searched.
  const shown = (found) => found.filter(({ query, name, note }) => chosen.includes(query) || finds(`${name} ${note}`));
  const group = ({ name, found }) =>
    found.length > 0 && h("fieldset", { key: name, className: "compare-group" }, h("legend", null, name), found.map(row));
  const search = h("input", {
    type: "search", className: "plain-input compare-search", value: text, placeholder: labels.search, "aria-label": labels.search,
    autoFocus: window.matchMedia("(pointer: fine)").matches, "data-testid": "compare-search", onChange: (event) => setText(event.target.value),
    // Here it searches; it begins nothing.
    onKeyDown: (event) => event.key === "Enter" && event.preventDefault(),
  });
  function submit(event) {
    event.preventDefault();
    const named = rows.filter(({ query }) => chosen.includes(query));
    start(named.map(({ query, name }) => ({ query, label: name, isCompared: true })), true);
    onDone();
  }
  return h(
    "form",
    { className: "compare", onSubmit: submit },
    h("p", { className: "quiet" }, labels.help),
    rows.length > FEW && search,
    h("div", { className: "compare-groups" }, groups.map(({ name, found }) => group({ name, found: shown(found) }))),
    h("div", { className: "dialog-acts" }, h("button", { type: "submit", className: "compare-start", disabled: chosen.length < 2, "data-testid": "compare-start" }, labels.begin)),
  );
}
