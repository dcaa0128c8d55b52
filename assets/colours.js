// The colours of code, piece by piece.

// Longer code is coloured piece by piece, and of those only what is on the screen is laid out.
const LONGEST_PIECE = 3_000;

export const textOf = (node) =>
  node?.value ?? node?.properties?.alt ?? (node?.children ?? []).map(textOf).join("");

/** Code in pieces of whole lines, if it has such. */
export function inPieces(code) {
  const pieces = [];
  for (let start = 0; start < code.length; ) {
    const line = code.lastIndexOf("\n", start + LONGEST_PIECE) + 1;
    const end = start + LONGEST_PIECE >= code.length ? code.length : line > start ? line : start + LONGEST_PIECE;
    pieces.push(code.slice(start, end));
    start = end;
  }
  return pieces;
}

/** Nodes without so many characters at their beginning. */
function without(count, nodes) {
  return nodes.flatMap((node) => {
    const length = textOf(node).length;
    const dropped = Math.min(count, length);
    count -= dropped;
    if (dropped === length) return [];
    if (!dropped) return [node];
    return [node.type === "text" ? { ...node, value: node.value.slice(dropped) } : { ...node, children: without(dropped, node.children) }];
  });
}

// A line break at the end of a piece is made by the piece itself.
function withoutLineEnd(nodes) {
  const last = nodes.at(-1);
  if (!last) return nodes;
  const end = last.type === "text" ? { ...last, value: last.value.replace(/\n$/, "") } : { ...last, children: withoutLineEnd(last.children) };
  return [...nodes.slice(0, -1), end];
}

/** Colours pieces of code in their order; a text or a comment that goes on in the next one begins that by its first line. */
export function* colourPieces(library, language, pieces) {
  let open = "";
  for (const piece of pieces) {
    const { children } = library.highlight(language, open + piece);
    yield withoutLineEnd(without(open.length, children));
    const last = children.at(-1);
    const text = last?.type === "element" ? textOf(last) : "";
    open = text.endsWith("\n") ? text.slice(0, text.indexOf("\n") + 1) : "";
  }
}
