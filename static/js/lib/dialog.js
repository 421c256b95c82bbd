// Modal questions: the browser's own <dialog>, which keeps the focus and closes on Escape.

import { el, icon } from "./dom.js";
import { gettext } from "./i18n.js";

/**
 * Show a dialog and wait for its answer.
 * @param {{title: string, body?: (Node | string)[], actions?: {name: string, title: string, kind?: string}[],
 *   wide?: boolean, onOpen?: (dialog: HTMLDialogElement, close: (answer: string) => void) => void}} options
 * @returns {Promise<string>} the name of the action taken, or "" when it was dismissed
 */
export function ask({ title, body = [], actions = [], wide = false, onOpen }) {
  const came = /** @type {HTMLElement | null} */ (document.activeElement);
  const foot = actions.map(({ name, title: label, kind = "" }) =>
    el("button", { class: `button ${kind}`, type: "submit", value: name }, label),
  );
  const closer = el(
    "button",
    { class: "button button--quiet button--icon", type: "button", "aria-label": gettext("Close") },
    icon("cross"),
  );
  const dialog = el(
    "dialog",
    { class: wide ? "dialog dialog--wide" : "dialog", "aria-labelledby": "dialog-title" },
    el(
      "form",
      { class: "dialog__body", method: "dialog" },
      el("div", { class: "row row--apart" }, el("h2", { class: "dialog__title", id: "dialog-title" }, title), closer),
      ...body,
      actions.length > 0 && el("div", { class: "dialog__foot" }, ...foot),
    ),
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    closer.addEventListener("click", () => dialog.close(""));
    dialog.addEventListener("cancel", () => (dialog.returnValue = ""));
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (came?.isConnected) came.focus({ preventScroll: true });
      resolve(dialog.returnValue);
    });
    dialog.showModal();
    onOpen?.(dialog, (answer) => dialog.close(answer));
  });
}
