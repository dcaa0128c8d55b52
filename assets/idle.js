// Work that nobody waits for.

/** Do something when the page has nothing else to do, or soon after. */
export function whenIdle(act) {
  if (window.requestIdleCallback) window.requestIdleCallback(act, { timeout: 2000 });
  else setTimeout(act, 500);
}
