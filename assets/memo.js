// A component that is drawn anew only when what it is given says something else: a State that changes brings new objects.
import { memo } from "react";

function isSame(one, other) {
  if (Object.is(one, other)) return true;
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}

export const memoByContent = (component) => memo(component, isSame);
