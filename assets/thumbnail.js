// The small picture of a document in a list: the browser's half of convosphere/knowledge/components/thumbnails.py.
// What is not made yet is asked for again a little later; until it is here, and where there is none, the sign behind it shows.
import { createElement as h, useEffect, useState } from "react";

const PAUSES = [2_000, 6_000, 20_000];

export function Thumbnail({ address }) {
  const [attempt, setAttempt] = useState(0);
  const [isFailed, setFailed] = useState(false);
  const [isHere, setHere] = useState(false);
  useEffect(() => {
    if (!isFailed || attempt >= PAUSES.length) return undefined;
    const timer = setTimeout(() => {
      setAttempt(attempt + 1);
      setFailed(false);
    }, PAUSES[attempt]);
    return () => clearTimeout(timer);
  }, [isFailed, attempt]);
  if (isFailed) return null;
  return h("img", {
    className: "document-thumbnail", src: attempt ? `${address}?again=${attempt}` : address, alt: "", loading: "lazy",
    decoding: "async", draggable: false, onError: () => setFailed(true), onLoad: () => setHere(true), "data-here": isHere,
    "data-testid": "document-thumbnail",
  });
}
