// Texts too long to be drawn in one go: drawn piece by piece while the page stays free.
import { createElement as h, memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { RowsToCome } from "./long_table.js";
import { cut, cutting, LONGEST_WHOLE, STRETCH } from "./pieces.js";
import { takeTurn, useTurn } from "./turns.js";

// So many pieces come onto the page in one go.
const GROUP = 40;

const written = ({ text, code, table }) => (table ? h(RowsToCome, { rows: table.rows }) : (text ?? code.code));

/** How many pieces at the end of a text are drawn with the page. */
function countOfLast(pieces) {
  let [count, size] = [0, 0];
  for (const piece of [...pieces].reverse()) {
    size += piece.size ?? piece.text.length;
    if (count && size > LONGEST_WHOLE) break;
    count += 1;
  }
  return count;
}

function draw(piece, { Prose, Code, Table }) {
  if (piece.code) return h(Code, piece.code);
  return piece.table ? h(Table, piece.table) : h(Prose, { text: piece.text });
}

/** A piece as it is written, until it is its turn to be drawn. */
const Piece = memo(function Piece({ piece, continues, isFirst, parts, onDrawn }) {
  const place = useRef(null);
  const isDrawn = useTurn(place, isFirst);
  useEffect(() => {
    if (isDrawn) onDrawn();
  }, [isDrawn, onDrawn]);
  const classes = isDrawn ? "long-piece" : "long-piece as-written";
  return h(
    "div",
    {
      ref: place, className: classes,
      "data-continued": piece.isContinued || undefined, "data-continues": continues || undefined,
    },
    isDrawn ? draw(piece, parts) : written(piece),
  );
});

/** Some pieces, of which nothing but their words is there until it is their turn. */
const Group = memo(function Group({ pieces, begin, end, first, parts, onDrawn }) {
  const place = useRef(null);
  const isThere = useTurn(place, end > first);
  const mine = pieces.slice(begin, end);
  if (!isThere) {
    const words = mine.map(({ text, code }) => text ?? code?.code ?? "").join("\n");
    return h("div", { ref: place, className: "long-group long-piece as-written" }, words);
  }
  const piece = (each, index) =>
    h(Piece, {
      key: index, piece: each, continues: pieces[begin + index + 1]?.isContinued, isFirst: begin + index >= first, parts,
      onDrawn,
    });
  return h("div", { ref: place, className: "long-group" }, mine.map(piece));
});

/** The pieces of a text: at once, or of a very long one as soon as it has been cut in turns, and null until then. */
function usePieces(text, place) {
  const atOnce = useMemo(() => (text.length > STRETCH ? null : cut(text)), [text]);
  const [later, setLater] = useState({ text: "", pieces: null });
  useEffect(() => {
    if (atOnce) return undefined;
    const all = cutting(text);
    let takeBack;
    const step = () => {
      const { value, done } = all.next();
      if (done) setLater({ text, pieces: value });
      else wait();
    };
    const wait = () => {
      takeBack = takeTurn(place.current, step);
    };
    wait();
    return () => takeBack();
  }, [text, atOnce, place]);
  return atOnce ?? (later.text === text ? later.pieces : null);
}

/** Draws one piece after another, by `parts`: its end first, then what is looked at. */
export const LongText = memo(function LongText({ text, parts }) {
  const place = useRef(null);
  const pieces = usePieces(text, place);
  const first = useMemo(() => (pieces ? pieces.length - countOfLast(pieces) : 0), [pieces]);
  const [drawn, setDrawn] = useState(0);
  const onDrawn = useCallback(() => setDrawn((count) => count + 1), []);
  if (!pieces) {
    // Its end, where people look.
    return h("div", { ref: place, className: "long-text as-written", "aria-busy": true }, text.slice(-LONGEST_WHOLE));
  }
  return h(
    "div",
    { className: "long-text", "aria-busy": drawn < pieces.length },
    Array.from({ length: Math.ceil(pieces.length / GROUP) }, (_, index) => {
      const [begin, end] = [index * GROUP, Math.min((index + 1) * GROUP, pieces.length)];
      return h(Group, { key: index, pieces, begin, end, first, parts, onDrawn });
    }),
  );
});
