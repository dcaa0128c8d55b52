// Runs before anything is drawn and before every other script: makes sure that there is storage, decides the language,
// the density and the sidebar's width, and hides the English words of the built page until the visitor's own are there (i18n.js). A
// script of the framework decides the colour mode likewise. What is done before the page can is kept for it.
(() => {
  // A browser may forbid to keep anything, and then the mere mention of its storage fails, in the framework as well as
  // here. A memory that lasts as long as the page takes its place, so that nothing else has to ask.
  class Memory {
    get length() {
      return Object.keys(this).length;
    }
    key(index) {
      return Object.keys(this)[index] ?? null;
    }
    getItem(name) {
      return Object.hasOwn(this, name) ? this[name] : null;
    }
    setItem(name, value) {
      this[name] = String(value);
    }
    removeItem(name) {
      delete this[name];
    }
    clear() {
      for (const name of Object.keys(this)) delete this[name];
    }
  }

  function works(name) {
    try {
      const storage = window[name];
      const probe = "convosphere.probe";
      // One that is full still gives what it holds; one that never takes anything is of no use.
      if (storage.length === 0) storage.setItem(probe, "");
      storage.removeItem(probe);
      return true;
    } catch {
      return false;
    }
  }

  for (const name of ["localStorage", "sessionStorage"]) {
    if (!works(name)) Object.defineProperty(window, name, { value: new Memory(), configurable: true });
  }

  // Until the other scripts have come, nobody hears a click, and a form would be sent by the browser itself, with all that
  // is in its fields, passwords too, in the address. The last of what was done is done again once the page is alive.
  let early = null;
  const isAlive = new AbortController();
  const { signal } = isAlive;
  const press = (button) => {
    const pressed = { bubbles: true, cancelable: true, button: 0, pointerType: "mouse" };
    button.focus();
    button.dispatchEvent(new PointerEvent("pointerdown", pressed)); // Menus open at this, tabs at the next.
    button.dispatchEvent(new MouseEvent("mousedown", pressed));
    button.dispatchEvent(new MouseEvent("mouseup", pressed));
    button.click();
  };
  const onClick = ({ target }) => {
    const button = target.closest("button");
    early = button && { target: button, act: () => press(button) };
  };
  const onSubmit = (event) => {
    event.preventDefault();
    const { target: form, submitter } = event;
    early = { target: form, act: () => form.requestSubmit(submitter) };
  };
  const onChange = ({ target }) => {
    if (target.type !== "file" && target.tagName !== "SELECT") return; // What stands in other fields is read there.
    const { value } = target;
    const choose = () => {
      if (target.tagName === "SELECT") target.value = value;
      target.dispatchEvent(new Event("change", { bubbles: true }));
    };
    early = { target, act: choose };
  };
  const onKey = (event) => {
    const { target: field, key, shiftKey, isComposing } = event;
    if (field.enterKeyHint !== "send" || key !== "Enter" || shiftKey || isComposing) return;
    event.preventDefault();
    early = { target: field, act: () => field.form.requestSubmit() };
  };
  window.addEventListener("change", onChange, { capture: true, signal });
  window.addEventListener("keydown", onKey, { capture: true, signal });
  window.addEventListener("click", onClick, { capture: true, signal });
  window.addEventListener("submit", onSubmit, { capture: true, signal });
  window.addEventListener("page-alive", () => {
    isAlive.abort();
    if (early?.target.isConnected) early.act();
  }, { signal });

  const LOCALES = ["en", "de"];
  const root = document.documentElement;
  // One of several chats in a window (panes.js): a tab of its own for the server, while frames share their storage.
  if (window.parent !== window && window.name.startsWith("pane-")) {
    root.dataset.pane = window.name;
    Object.defineProperty(window, "sessionStorage", { value: new Memory(), configurable: true });
  }
  const chosen = localStorage.getItem("convosphere.locale");
  root.dataset.density = localStorage.getItem("convosphere.density") ?? "comfortable";
  root.dataset.sidebar = localStorage.getItem("convosphere.sidebar") ?? "wide";
  const wishes = [chosen, ...(navigator.languages ?? [])].filter(Boolean).map((tag) => tag.slice(0, 2).toLowerCase());
  const locale = wishes.find((wish) => LOCALES.includes(wish)) ?? "en";
  root.lang = locale;
  if (locale === "en") return;
  root.classList.add("words-pending");
  // Whatever happens to the other scripts, a page never stays without words.
  setTimeout(() => root.classList.remove("words-pending"), 4000);
})();
