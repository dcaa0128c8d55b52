// The heading of a page, whose words are the title of the tab as well.
import { createElement as h, useEffect, useRef } from "react";
import { nameTab } from "./tab_title.js";

/** Takes what an h1 takes. Its words may come late and in another language, from children that draw themselves anew. */
export function PageHeading(properties) {
  const heading = useRef(null);
  useEffect(() => {
    const name = () => nameTab(heading.current.textContent.trim());
    name();
    const watcher = new MutationObserver(name);
    watcher.observe(heading.current, { characterData: true, childList: true, subtree: true });
    return () => watcher.disconnect();
  }, []);
  return h("h1", { ...properties, ref: heading });
}
