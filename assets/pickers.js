// The pickers of the composer: whoever has chosen goes on writing at once, and waits for no server.
import { Children, createElement as h, useRef, useState } from "react";
import { Popover } from "@radix-ui/themes";

const hasMouse = () => window.matchMedia("(pointer: fine)").matches;

/**
 * Puts the cursor into the text that a button stands below. The button itself would swallow the first letters, and open
 * again at a space. On a phone nothing is done, since it would bring up the keyboard.
 */
export function goOnWriting(button) {
  if (hasMouse()) button?.closest("form")?.querySelector("textarea")?.focus();
}

/** What opens with a search begins there; on a phone the keyboard would cover what is to choose from. */
export function focusSearch(event) {
  event.preventDefault();
  const offer = event.currentTarget;
  ((hasMouse() && offer.querySelector("input")) || offer).focus();
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
    h(Popover.Content, { side: "top", align: "start", size: "1", className: `offer ${className}`, onClick, onOpenAutoFocus: focusSearch }, offer),
  );
}
