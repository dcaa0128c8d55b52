// A table too long to be read in one go: a part of its rows at each turn, then shown as the one table that it is.
import { Children, cloneElement, createElement as h, isValidElement, useEffect, useRef, useState } from "react";
import { DataTable } from "./data_table.js";
import { takeTurn } from "./turns.js";

const PART = 2_500;

function inParts(rows) {
  const parts = [[]];
  let size = 0;
  for (const row of rows) {
    if (size > PART) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1).push(row);
    size += row.length;
  }
  return parts;
}

const elements = (children) => Children.toArray(children).filter(isValidElement);

/** One table of several with the same head, each as `renderSafely` gives it. */
function together(tables) {
  const bodyOf = (table) => table.props.node.children.find((child) => child.tagName === "tbody");
  const [first] = tables;
  const rows = tables.flatMap((table) => bodyOf(table)?.children ?? []);
  const node = {
    ...first.props.node,
    children: first.props.node.children.map((child) => (child.tagName === "tbody" ? { ...child, children: rows } : child)),
  };
  const [head, body] = elements(first.props.children);
  const lines = tables.flatMap((table) => elements(elements(table.props.children)[1]?.props.children));
  return h(DataTable, { node }, head, cloneElement(body, {}, lines.map((line, index) => cloneElement(line, { key: index }))));
}

/** `head` are the two lines of it; `render` gives the elements of a Markdown text. */
export function LongTable({ head, rows, render }) {
  const place = useRef(null);
  const [whole, setWhole] = useState(null);
  const written = h("div", { className: "as-written" }, [...head, ...rows].join("\n"));
  useEffect(() => {
    const parts = inParts(rows);
    const tables = [];
    let takeBack;
    const step = () => {
      const part = render([...head, ...parts[tables.length]].join("\n"));
      const table = elements(part.props.children).find(({ type }) => type === DataTable);
      if (!table) return setWhole(written);
      tables.push(table);
      if (tables.length < parts.length) wait();
      else setWhole(together(tables));
    };
    const wait = () => {
      takeBack = takeTurn(place.current, step);
    };
    wait();
    return () => takeBack();
  }, [head, rows, render]);
  return h("div", { ref: place, "aria-busy": !whole }, whole ?? written);
}
