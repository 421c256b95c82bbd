// Short messages at the foot of the page, announced once by one polite live region.

import { el, one } from "./dom.js";

const LIFE = 6000;

function region() {
  let home = one(".toasts");
  if (!home) {
    home = el("div", { class: "toasts", role: "status", "aria-live": "polite" });
    document.body.append(home);
  }
  return home;
}

/**
 * Show a message; it replaces the previous one, so that messages do not pile up.
 * @param {string} message
 * @param {{action?: string, act?: () => void, life?: number}} [options] a button that ends the message
 */
export function toast(message, { action, act, life = LIFE } = {}) {
  const button = action && el("button", { class: "button", type: "button" }, action);
  const note = el("div", { class: "toast", "data-testid": "toast" }, el("span", { class: "grow" }, message), button);
  if (button) {
    button.addEventListener("click", () => {
      note.remove();
      act?.();
    });
  }
  region().replaceChildren(note);
  setTimeout(() => note.remove(), life);
}

/** Show the messages that the server rendered into the page (Django's messages). */
export function sayPending() {
  for (const item of document.querySelectorAll("[data-message]")) toast(item.getAttribute("data-message") ?? "");
}
