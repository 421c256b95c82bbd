// Expired session: the page stays as it is, the user signs in in another tab, and the request is repeated.

import { ask } from "../lib/dialog.js";
import { el } from "../lib/dom.js";
import { renewCsrf } from "../lib/http.js";
import { gettext } from "../lib/i18n.js";

/** @type {Promise<void> | null} */
let asking = null;

/** Ask once, regardless of the number of rejected requests; resolves when the session is renewed. */
export function signInAgain() {
  asking ??= question().finally(() => (asking = null));
  return asking;
}

async function signedIn() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return false;
    await renewCsrf(location.href);
    return true;
  } catch {
    return false;
  }
}

async function question() {
  const link = el(
    "a",
    { class: "button button--primary", href: document.body.dataset.signIn ?? "/sign-in/", target: "_blank", rel: "opener" },
    gettext("Sign in in a new tab"),
  );
  const back = { look: async () => undefined };
  const watch = () => void back.look();
  addEventListener("focus", watch);
  await ask({
    title: gettext("You were signed out"),
    body: [
      el("p", {}, gettext("Your work is kept on this device. Sign in again and it is sent; nothing has to be typed twice.")),
      el("div", { class: "dialog__foot" }, link),
    ],
    onOpen: (dialog, close) => {
      dialog.addEventListener("cancel", (event) => event.preventDefault());
      back.look = async () => {
        if (await signedIn()) close("back");
        return undefined;
      };
    },
  });
  removeEventListener("focus", watch);
}
