// What the page says while it has no connection to the server.
import { useEffect, useState } from "react";

const ASK_MILLISECONDS = 2000;

// Without the cookie: to tell whose it is takes the database.
const ownHealth = () =>
  fetch("/health", { cache: "no-store", credentials: "omit" })
    .then((response) => response.json())
    .catch(() => null);

/** Whether the server cannot be reached, or only its database, which it then says itself. */
export function ConnectionNotice({ connection, database }) {
  const [isDatabaseAway, setDatabaseAway] = useState(false);
  useEffect(() => {
    let timer;
    let isShown = true;
    async function ask() {
      const health = await ownHealth();
      if (!isShown) return;
      setDatabaseAway(health?.database === "down");
      timer = setTimeout(ask, ASK_MILLISECONDS);
    }
    ask();
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, []);
  return isDatabaseAway ? database : connection;
}
