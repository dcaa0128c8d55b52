// A table that can be sorted by its columns and copied as CSV.
import { Children, cloneElement, createElement as h, isValidElement, useMemo, useState } from "react";
import { useCopy } from "./clipboard.js";
import { textOf } from "./colours.js";
import { ToolButton, useWords } from "./surroundings.js";

// `1.234,5` and `1.234.567` as in German; where all points could be either, the page's language decides.
const DECIMAL_COMMA = /,\d{1,2}(?!\d)|\.\d{3}[.,]/;
const DECIMAL_POINT = /\.(?!\d{3}(?!\d))|,\d{3}[.,]/;
const NUMBER = /^[^\d.,]{0,4}\d[\d.,'\u2019\s]*[^\d]{0,4}$/;

const elements = (children) => Children.toArray(children).filter(isValidElement);
const rowsOf = (part) => (part?.children ?? []).filter((child) => child.tagName === "tr");
const cellsOf = (row) => row.children.filter((child) => child.type === "element").map((cell) => textOf(cell).trim());

function asNumber(text, hasComma) {
  const digits = text.replace(/[^\d.,\u2212-]/g, "").replace("\u2212", "-");
  return Number(hasComma ? digits.replace(/\./g, "").replace(",", ".") : digits.replace(/,/g, ""));
}

/** The order of rows by a column: as numbers where all of it are some, else as words; empty ones last. */
function orderOf(rows, column, isDown) {
  const texts = rows.map((row) => row[column] ?? "");
  const filled = texts.filter(Boolean);
  const areNumbers = filled.length > 0 && filled.every((text) => NUMBER.test(text));
  const { lang } = document.documentElement;
  const hasComma =
    filled.some((text) => DECIMAL_COMMA.test(text)) || (lang === "de" && !filled.some((text) => DECIMAL_POINT.test(text)));
  const words = new Intl.Collator(lang, { numeric: true, sensitivity: "base" });
  const values = areNumbers ? texts.map((text) => asNumber(text, hasComma)) : texts;
  const compare = (one, other) => (areNumbers ? values[one] - values[other] : words.compare(values[one], values[other]));
  return rows
    .map((_, index) => index)
    .sort((one, other) => {
      if (!texts[one] || !texts[other]) return Boolean(texts[other]) - Boolean(texts[one]);
      return isDown ? compare(other, one) : compare(one, other);
    });
}

// A spreadsheet takes what begins like this for a formula, unless it is a number.
const isFormula = (text) => /^[=+@\t\r-]/.test(text) && !/^[+-]?[\d.,\s]+%?$/.test(text);

export function asCsv(rows) {
  const field = (text) => {
    const plain = isFormula(text) ? `'${text}` : text;
    return /[",\r\n]/.test(plain) ? `"${plain.replace(/"/g, '""')}"` : plain;
  };
  return rows.map((row) => row.map(field).join(",")).join("\r\n");
}

/** The words of a table: its head and its rows. */
function read(node) {
  const part = (name) => rowsOf(node.children.find((child) => child.tagName === name)).map(cellsOf);
  return { heads: part("thead"), rows: part("tbody") };
}

/** `most`: how many rows are drawn for now. */
export function DataTable({ node, children, most = Infinity }) {
  const word = useWords();
  const [sorting, setSorting] = useState(null);
  const order = useMemo(() => sorting && orderOf(read(node).rows, sorting.column, sorting.isDown), [node, sorting]);
  const [copied, copy] = useCopy(() => {
    const { heads, rows } = read(node);
    return asCsv([...heads, ...(order ? order.map((index) => rows[index]) : rows)]);
  });
  const name = copied ? word("copied") : word("copyCsv");
  const body = node.children.find((child) => child.tagName === "tbody");
  const isSortable = rowsOf(body).length > 1;
  const heads = rowsOf(node.children.find((child) => child.tagName === "thead")).flatMap((row) =>
    row.children.filter((child) => child.type === "element"),
  );

  const turn = (column) =>
    setSorting((now) => (now?.column !== column ? { column, isDown: false } : now.isDown ? null : { column, isDown: true }));
  const head = (cell, column) => {
    const direction = sorting?.column === column ? (sorting.isDown ? "descending" : "ascending") : undefined;
    const label = word("sortBy", { column: textOf(heads[column]) || column + 1 });
    const sign = direction === "descending" ? "↓" : direction ? "↑" : "↕";
    const button = h(
      "button",
      {
        type: "button", className: "table-sort", "data-testid": "table-sort", "data-sorted": direction, title: label,
        "aria-label": label, onClick: () => turn(column),
      },
      h("span", { "aria-hidden": true }, sign),
    );
    const words = h("span", { className: "table-head" }, h("span", null, cell.props.children), isSortable && button);
    return cloneElement(cell, { "aria-sort": direction }, words);
  };
  // The same elements as before are not looked at again, however many rows there are.
  const parts = useMemo(() => elements(children).map((part) => ({ part, lines: elements(part.props.children) })), [children]);
  const shown = parts.map(({ part, lines }) => {
    if (part.type === "thead") {
      return cloneElement(part, {}, lines.map((row) => cloneElement(row, {}, elements(row.props.children).map(head))));
    }
    return cloneElement(part, {}, (order ? order.map((index) => lines[index]) : lines).slice(0, most));
  });
  return h(
    "div",
    { className: "prose-table-place" },
    h("div", { className: "prose-table", role: "region", tabIndex: 0, "aria-label": word("table") }, h("table", null, shown)),
    h(
      "div",
      { className: "table-tools" },
      h(ToolButton, { drawing: copied ? "done" : "copy", word: name, testId: "table-copy", onClick: copy, "aria-live": "polite" }),
    ),
  );
}
