// Runs before anything is drawn: decides the language and the sidebar's width, and hides the English words of the built
// page until the visitor's own are there (i18n.js). A script of the framework decides the colour mode likewise.
(() => {
  const LOCALES = ["en", "de"];
  const root = document.documentElement;
  let chosen = null;
  try {
    chosen = localStorage.getItem("convosphere.locale");
    root.dataset.sidebar = localStorage.getItem("convosphere.sidebar") ?? "wide";
  } catch {
    // Storage can be forbidden; the browser's languages decide then.
  }
  const wishes = [chosen, ...(navigator.languages ?? [])].filter(Boolean).map((tag) => tag.slice(0, 2).toLowerCase());
  const locale = wishes.find((wish) => LOCALES.includes(wish)) ?? "en";
  root.lang = locale;
  if (locale === "en") return;
  root.classList.add("words-pending");
  // Whatever happens to the other scripts, a page never stays without words.
  setTimeout(() => root.classList.remove("words-pending"), 4000);
})();
