// A small act below a message: its sign, with the word for who listens and as a hint.
import { createElement as h, forwardRef } from "react";
import Check from "lucide-react/dist/esm/icons/check.mjs";
import Copy from "lucide-react/dist/esm/icons/copy.mjs";
import Pause from "lucide-react/dist/esm/icons/pause.mjs";
import Pencil from "lucide-react/dist/esm/icons/pencil.mjs";
import Play from "lucide-react/dist/esm/icons/play.mjs";
import Square from "lucide-react/dist/esm/icons/square.mjs";
import Volume from "lucide-react/dist/esm/icons/volume-2.mjs";

const SIGNS = { check: Check, copy: Copy, pause: Pause, pencil: Pencil, play: Play, stop: Square, volume: Volume };

/** `sign` is one of `SIGNS`; the word is there for everybody who does not see it. */
export const MessageAct = forwardRef(function MessageAct({ sign, label, ...props }, ref) {
  return h(
    "button",
    { ref, type: "button", className: "message-act message-sign", title: label, ...props },
    h(SIGNS[sign], { size: 16, "aria-hidden": true }),
    h("span", { className: "visually-hidden" }, label),
  );
});
