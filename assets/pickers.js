// The pickers of the composer: whoever has chosen goes on writing at once, and waits for no server.
import { Children, createElement as h, useRef, useState } from "react";
import { Popover } from "@radix-ui/themes";

const hasMouse = () => window.matchMedia("(pointer: fine)").matches;

/**
 * Puts the cursor into the text that a button stands below. The button itself would swallow the first letters, and open
 * again at a space. On a phone nothing is done, since it would bring up the keyboard.
 */
function goOnWriting(button) {
  if (hasMouse()) button?.closest("form")?.querySelector("textarea")?.focus();
}

/** The same for a choice in a menu, which wants the focus back as long as it closes and the mouse is over it. */
export function afterChoice(event) {
  const menu = event.target.closest("[role=menu]");
  const button = document.getElementById(menu?.getAttribute("aria-labelledby"));
  goOnWriting(button);
  menu?.addEventListener("focusin", () => menu.dataset.state === "closed" && goOnWriting(button));
}

/** A button, and what it opens: a list whose lines are choices. */
export function Picker({ onOpen, className, children }) {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef(null);
  const [button, ...offer] = Children.toArray(children);
  function onOpenChange(next) {
    setOpen(next);
    if (next) onOpen();
  }
  function onClick(event) {
    if (!event.target.closest("button.choice-line")) return;
    setOpen(false);
    goOnWriting(opener.current);
  }
  return h(
    Popover.Root,
    { open: isOpen, onOpenChange },
    h(Popover.Trigger, { ref: opener }, button),
    h(Popover.Content, { side: "top", align: "start", size: "1", className, onClick }, offer),
  );
}
