// A small act below a message: its sign, with the word for who listens and as a hint.
import { createElement as h, forwardRef } from "react";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import Copy from "lucide-react/dist/esm/icons/copy.mjs";
import Pencil from "lucide-react/dist/esm/icons/pencil.mjs";

const SIGNS = { check: Check, copy: Copy, pencil: Pencil };

/** `sign` is one of `SIGNS`; the word is there for everybody who does not see it. */
export const MessageAct = forwardRef(function MessageAct({ sign, label, ...props }, ref) {
  return h(
    "button",
    { ref, type: "button", className: "message-act message-sign", title: label, ...props },
    h(SIGNS[sign], { size: 16, "aria-hidden": true }),
    h("span", { className: "visually-hidden" }, label),
  );
});
