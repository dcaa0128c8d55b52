// A table too long for one go: a part of its rows is read at each turn, then a part is drawn, until all of it is there.
import { Children, cloneElement, createElement as h, isValidElement, useEffect, useRef, useState } from "react";
import { DataTable } from "./data_table.js";
import { takeTurn } from "./turns.js";

const PART = 1_250;
const ROWS = 100;
// What comes first costs the most: nothing of the page's way to draw it is compiled, and all that is there is laid out anew.
const FIRST_ROWS = 40;
const ROW_HEIGHT = 37;
const ROWS_WRITTEN = 40;

/** Room for rows that are not drawn yet, so that what stands below hardly moves; the last ones, where people look, as written. */
export function RowsToCome({ rows, place }) {
  const style = { blockSize: `${rows.length * ROW_HEIGHT}px` };
  return h("div", { ref: place, className: "rows-to-come as-written", style }, h("div", null, rows.slice(-ROWS_WRITTEN).join("\n")));
}

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

/** What `DataTable` takes for several tables with the same head, each as `renderSafely` gives it. */
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
  const keyed = lines.map((line, index) => cloneElement(line, { key: index }));
  return { node, children: [cloneElement(head, { key: "head" }), cloneElement(body, { key: "body" }, keyed)] };
}

/** Adds some rows at each turn. */
function GrowingTable({ node, children, rows }) {
  const place = useRef(null);
  const [drawn, setDrawn] = useState(FIRST_ROWS);
  const isWhole = drawn >= rows.length;
  useEffect(() => (isWhole ? undefined : takeTurn(place.current, () => setDrawn(drawn + ROWS))), [isWhole, drawn]);
  return h(
    "div",
    { "aria-busy": !isWhole },
    h(DataTable, { node, children, most: drawn }),
    !isWhole && h(RowsToCome, { place, rows: rows.slice(drawn) }),
  );
}

/** `head` are the two lines of it; `render` gives the elements of a Markdown text. */
export function LongTable({ head, rows, render }) {
  const place = useRef(null);
  const [whole, setWhole] = useState(null);
  useEffect(() => {
    const parts = inParts(rows);
    const tables = [];
    let takeBack;
    const step = () => {
      const part = render([...head, ...parts[tables.length]].join("\n"));
      const table = elements(part.props.children).find(({ type }) => type === DataTable);
      if (!table) return setWhole(h("div", { className: "as-written" }, [...head, ...rows].join("\n")));
      tables.push(table);
      if (tables.length < parts.length) wait();
      else setWhole(h(GrowingTable, { ...together(tables), rows }));
    };
    const wait = () => {
      takeBack = takeTurn(place.current, step);
    };
    wait();
    return () => takeBack();
  }, [head, rows, render]);
  return h("div", { ref: place, "aria-busy": !whole }, whole ?? h(RowsToCome, { rows }));
}
