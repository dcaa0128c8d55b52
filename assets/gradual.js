// Long lists: the rows that fill a window are drawn first, and the others once those are painted.
import { startTransition, useEffect, useState } from "react";

/** The first rows, then all of them; a list that changes later is shown as it is at once. */
export function useGradually(rows, first) {
  const [isWhole, setWhole] = useState(rows.length <= first);
  useEffect(() => {
    if (isWhole) return undefined;
    let timer;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setWhole(true)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [isWhole]);
  return isWhole ? rows : rows.slice(0, first);
}
