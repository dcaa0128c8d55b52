// Texts too long to be drawn in one go: drawn piece by piece while the page stays free.
import { createElement as h, memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { cut, LONGEST_WHOLE } from "./pieces.js";
import { useTurn } from "./turns.js";

const written = ({ text, code, table }) => text ?? code?.code ?? [...table.head, ...table.rows].join("\n");

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

/** Draws one piece after another, by `parts`: its end first, then what is looked at. */
export const LongText = memo(function LongText({ text, parts }) {
  const { pieces, first } = useMemo(() => {
    const all = cut(text);
    return { pieces: all, first: all.length - countOfLast(all) };
  }, [text]);
  const [drawn, setDrawn] = useState(0);
  const onDrawn = useCallback(() => setDrawn((count) => count + 1), []);
  return h(
    "div",
    { className: "long-text", "aria-busy": drawn < pieces.length },
    pieces.map((piece, index) => {
      const continues = pieces[index + 1]?.isContinued;
      return h(Piece, { key: index, piece, continues, isFirst: index >= first, parts, onDrawn });
    }),
  );
});
