// What a chat does without asking the server: following the end of an answer, copying.
import { createElement as h, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useCopy } from "./clipboard.js";

const AT_BOTTOM = 48;

/** Follows the end while the reader is there, lets go as soon as they scroll up, and offers the way back down. */
export function Transcript({ place, jumpLabel, label, children }) {
  const view = useRef(null);
  const isFollowing = useRef(true);
  const lastTop = useRef(0);
  const [isAway, setAway] = useState(false);

  const toEnd = useCallback((behavior = "instant") => {
    view.current.scrollTo({ top: view.current.scrollHeight, behavior });
  }, []);

  useLayoutEffect(() => {
    isFollowing.current = true;
    setAway(false);
    toEnd();
  }, [place, toEnd]);

  useEffect(() => {
    const grown = new ResizeObserver(() => isFollowing.current && toEnd());
    grown.observe(view.current.firstElementChild);
    grown.observe(view.current);
    return () => grown.disconnect();
  }, [toEnd]);

  useEffect(() => {
    const column = view.current.firstElementChild;
    let first = column.querySelector("article");
    // Browsers hold the place when something comes in above it, but not at the very top, where one asks for earlier.
    const above = new MutationObserver(() => {
      const before = first;
      first = column.querySelector("article");
      if (before !== first && before?.isConnected && view.current.scrollTop === 0) before.scrollIntoView();
    });
    above.observe(column, { childList: true });
    return () => above.disconnect();
  }, []);

  function onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = view.current;
    // The text may have grown since we scrolled to its end, so being off the end says nothing; going up does.
    if (scrollHeight - scrollTop - clientHeight < AT_BOTTOM) isFollowing.current = true;
    else if (scrollTop < lastTop.current) isFollowing.current = false;
    lastTop.current = scrollTop;
    setAway(!isFollowing.current);
  }

  // A wheel or finger upwards lets go at once, even if the growing text moves the end meanwhile.
  const onWheel = (event) => {
    if (event.deltaY < 0) isFollowing.current = false;
  };

  return h(
    "div",
    { className: "transcript" },
    h(
      "div",
      { ref: view, className: "transcript-view", onScroll, onWheel, tabIndex: 0, role: "log", "aria-label": label },
      h("div", { className: "transcript-column" }, children),
    ),
    isAway &&
      h(
        "button",
        {
          type: "button",
          className: "jump-down",
          "data-testid": "jump-down",
          "aria-label": jumpLabel,
          title: jumpLabel,
          onClick: () => {
            isFollowing.current = true;
            toEnd(window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
          },
        },
        h(
          "svg",
          { viewBox: "0 0 24 24", width: 18, height: 18, fill: "none", stroke: "currentColor", "aria-hidden": true },
          h("path", { d: "M12 5v14m-6-6 6 6 6-6", strokeWidth: 2, strokeLinecap: "round", strokeLinejoin: "round" }),
        ),
      ),
  );
}

// Citations are links within the page; outside of it the number is all that means something.
const withoutLinks = (text) => text.replace(/\[(\d{1,3})\]\(#cite-[^)]*\)/g, "[$1]");

/** Copies what a message says, as it was written. */
export function CopyButton({ text, label, doneLabel }) {
  const [isDone, copy] = useCopy(withoutLinks(text));
  return h(
    "button",
    { type: "button", className: "message-act", "data-testid": "message-copy", onClick: copy },
    isDone ? doneLabel : label,
  );
}
