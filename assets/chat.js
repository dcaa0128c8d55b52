// What a chat does without asking the server: following the end of an answer, copying.
import { createElement as h, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { copyRich, useCopy } from "./clipboard.js";
import { MessageAct } from "./message_act.js";

const AT_BOTTOM = 48;
// Who reads towards an end of what is loaded finds more there before they come to it.
const NEAR_EDGE = 1500;
const UPWARDS = ["ArrowUp", "PageUp", "Home"];
const isArticle = ({ tagName }) => tagName === "ARTICLE";
/** How far below the beginning of all that can be scrolled to. */
const topOf = (view, article) => (article ? article.getBoundingClientRect().top + view.current.scrollTop : 0);

/** Presses the button at an end of what is loaded when the reader comes near it, once for each end. */
function useEdges(view) {
  const asked = useRef({});
  return useCallback(() => {
    // This is asked with each beat of an answer: of the children alone, as a search goes through all that messages are of.
    const children = [...view.current.firstElementChild.children];
    const buttons = children.filter(({ dataset }) => dataset.edge);
    if (!buttons.length) return;
    const { scrollHeight, scrollTop, clientHeight } = view.current;
    const far = { start: scrollTop, end: scrollHeight - scrollTop - clientHeight };
    const outer = { start: children.find(isArticle), end: children.findLast(isArticle) };
    for (const button of buttons) {
      const { edge } = button.dataset;
      const place = outer[edge]?.dataset.messageId;
      if (far[edge] > NEAR_EDGE || asked.current[edge] === place) continue;
      asked.current[edge] = place;
      button.click();
    }
  }, [view]);
}

/** The message that a search has led to: shown once it is there, instead of the end. */
function useFound(place, view, isFollowing) {
  const { search } = useLocation();
  const wanted = useRef("");
  const show = useCallback(() => {
    const message = wanted.current && view.current.querySelector(`article[data-message-id="${CSS.escape(wanted.current)}"]`);
    if (!message) return;
    wanted.current = "";
    message.scrollIntoView({ block: "center" });
    message.classList.add("message-found");
    setTimeout(() => message.classList.remove("message-found"), 3000);
  }, [view]);
  useLayoutEffect(() => {
    wanted.current = new URLSearchParams(search).get("message") ?? "";
    if (!wanted.current) return;
    isFollowing.current = false;
    show();
  }, [place, search, isFollowing, show]);
  return show;
}

/** Follows the end while the reader is there, lets go as soon as they scroll up, and offers the way back down. */
export function Transcript({ place, jumpLabel, label, hasLater, onLatest, children }) {
  const view = useRef(null);
  const isFollowing = useRef(true);
  const lastTop = useRef(0);
  const height = useRef(0);
  const isHeld = useRef(false);
  const firstTop = useRef(0);
  const [isAway, setAway] = useState(false);
  const lookForEdges = useEdges(view);

  const toEnd = useCallback((behavior = "instant") => {
    // What greets in an empty conversation is read from its beginning.
    const isEmpty = !view.current.querySelector("article");
    view.current.scrollTo({ top: isEmpty ? 0 : view.current.scrollHeight, behavior });
  }, []);

  useLayoutEffect(() => {
    isFollowing.current = true;
    setAway(false);
    toEnd();
  }, [place, toEnd]);

  const showFound = useFound(place, view, isFollowing);

  useEffect(() => {
    const grown = new ResizeObserver(() => {
      height.current = view.current.scrollHeight;
      if (isFollowing.current) toEnd();
      lookForEdges();
    });
    grown.observe(view.current.firstElementChild);
    grown.observe(view.current);
    return () => grown.disconnect();
  }, [toEnd, lookForEdges]);

  useEffect(() => {
    const column = view.current.firstElementChild;
    let first = column.querySelector("article");
    // Browsers hold the place when something comes in above it, but not at the very top, where one asks for earlier.
    const above = new MutationObserver(() => {
      const before = first;
      first = column.querySelector("article");
      showFound();
      // To ask where things are now would have them laid out twice; the end is gone to once they are.
      if (isFollowing.current) return;
      if (before !== first && before?.isConnected && view.current.scrollTop === 0) {
        view.current.scrollTop = topOf(view, before) - firstTop.current;
      }
    });
    above.observe(column, { childList: true });
    return () => above.disconnect();
  }, [showFound]);

  function onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = view.current;
    // The text may have grown since we scrolled to its end, so being off the end says nothing; going up does, unless
    // the text has another height than when we looked last: then browsers have moved what had no room any more.
    const isSteady = isHeld.current || scrollHeight === height.current;
    if (scrollHeight - scrollTop - clientHeight < AT_BOTTOM) isFollowing.current = !hasLater;
    else if (scrollTop < lastTop.current && isSteady) isFollowing.current = false;
    lastTop.current = scrollTop;
    if (scrollTop === 0) firstTop.current = topOf(view, view.current.querySelector("article"));
    setAway(!isFollowing.current);
    lookForEdges();
  }

  function jump() {
    isFollowing.current = true;
    if (hasLater) onLatest();
    else toEnd(window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
  }

  // Who goes up by wheel, key, finger or bar lets go at once, even if the growing text moves the end meanwhile.
  const letGo = (goesUp) => {
    if (goesUp) isFollowing.current = false;
  };
  const hold = (isDown) => () => {
    isHeld.current = isDown;
  };
  const hands = {
    onWheel: ({ deltaY }) => letGo(deltaY < 0),
    onKeyDown: ({ key, target }) => letGo(target === view.current && UPWARDS.includes(key)),
    onPointerDown: hold(true),
    onPointerEnter: ({ buttons }) => hold(buttons > 0)(),
    onPointerUp: hold(false),
    onTouchStart: hold(true),
    onTouchEnd: hold(false),
  };

  return h(
    "div",
    { className: "transcript" },
    h(
      "div",
      { ref: view, className: "transcript-view", onScroll, ...hands, tabIndex: 0, role: "log", "aria-label": label },
      h("div", { className: "transcript-column" }, children),
    ),
    (isAway || hasLater) &&
      h(
        "button",
        {
          type: "button",
          className: "jump-down",
          "data-testid": "jump-down",
          "aria-label": jumpLabel,
          title: jumpLabel,
          onClick: jump,
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
  return h(MessageAct, {
    sign: isDone ? "check" : "copy",
    label: isDone ? doneLabel : label,
    "data-testid": "message-copy",
    onClick: copy,
  });
}

// What only serves the page: buttons of code, and what screen readers alone are told.
const SERVING = "button, .visually-hidden, [aria-hidden=true]";

/** Copies a message as it looks, and as it was written for whatever knows no form. */
export function copyFormatted(message, text) {
  const shown = document.querySelector(`[data-message-id="${CSS.escape(message)}"] [data-testid=message-text]`);
  if (!shown) return;
  const copy = shown.cloneNode(true);
  for (const part of copy.querySelectorAll(".katex-html")) part.remove();
  for (const chip of copy.querySelectorAll("[data-testid=citation]")) chip.replaceWith(`[${chip.dataset.n}]`);
  for (const part of copy.querySelectorAll(SERVING)) part.remove();
  for (const part of copy.querySelectorAll(".code-piece + .code-piece")) part.before("\n");
  for (const part of copy.querySelectorAll("*")) {
    for (const { name } of [...part.attributes]) if (!["href", "colspan", "rowspan", "start", "dir"].includes(name)) part.removeAttribute(name);
  }
  copyRich(copy.innerHTML, withoutLinks(text));
}
