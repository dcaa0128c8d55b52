// Beside the picker of models: how the one that is chosen is to answer, where that is to be other than usual.
import { createElement as h, useEffect, useRef, useState } from "react";
import { Popover } from "@radix-ui/themes";
import SlidersHorizontal from "lucide-react/dist/esm/icons/sliders-horizontal.mjs";
import { focusSearch, goOnWriting } from "./pickers.js";

const valuesOf = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));

/** The names of the settings that a model knows. */
export const settingsOf = (models, id) => models.find((each) => each.id === id)?.settings ?? [];

/** A button that says how many settings were chosen, and the form that it opens; what is kept there closes it. */
export function SettingsOffer({ known, kept, times, labels, onOpen, onKeep, children }) {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef(null);
  const before = useRef(times);
  useEffect(() => {
    if (before.current === times) return;
    before.current = times;
    setOpen(false);
    goOnWriting(opener.current);
  }, [times]);
  if (!known.length) return null;
  const count = known.filter((name) => kept[name]).length;
  const label = count ? labels.chosen.replace("{count}", count) : labels.usual;
  function onOpenChange(next) {
    setOpen(next);
    if (next) onOpen();
  }
  function onSubmit(event) {
    event.preventDefault();
    event.stopPropagation(); // The composer around it, which React takes for its parent, would send.
    onKeep(valuesOf(event.currentTarget));
  }
  const button = h(
    "button",
    {
      type: "button", ref: opener, className: "composer-button", "aria-label": label, title: label, "data-count": count,
      "data-testid": "chat-settings",
    },
    h(SlidersHorizontal, { size: 16, "aria-hidden": true }),
    count > 0 && h("span", { className: "settings-count", "aria-hidden": true }, count),
  );
  return h(
    Popover.Root,
    { open: isOpen, onOpenChange },
    h(Popover.Trigger, null, button),
    h(
      Popover.Content,
      { side: "top", align: "start", size: "1", className: "offer settings-offer", onOpenAutoFocus: focusSearch },
      h("form", { onSubmit, noValidate: true, "aria-label": labels.usual, "data-testid": "settings-form" }, children),
    ),
  );
}
