// Dialogs: a reason, a note, a comment, and the list of all keys, where they can be changed.

import { ask } from "../lib/dialog.js";
import { all, el, icon, one } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { chord } from "./keymap.js";

/** Ask why a document is rejected; a single digit selects the answer.
 * @param {{code: string, title: string}[]} reasons @returns {Promise<string>} a code, or "" */
export function askReason(reasons) {
  const choices = reasons.slice(0, 9).map(({ code, title }, index) =>
    el("button", { class: "choice", type: "submit", value: code, "data-testid": `reason:${code}` },
      el("kbd", {}, String(index + 1)), title),
  );
  return ask({
    title: gettext("Why is this document rejected?"),
    body: [el("div", { class: "choices" }, ...choices)],
    onOpen: (dialog, close) => {
      dialog.addEventListener("keydown", (event) => {
        const reason = reasons[Number(event.key) - 1];
        if (!reason || !/^[1-9]$/.test(event.key)) return;
        event.preventDefault(); // otherwise the viewer would handle the key too, because the dialog is closed by then
        close(reason.code);
      });
    },
  });
}

/** Ask for a line or two of text. @param {{title: string, hint: string, action: string}} words
 * @returns {Promise<string>} the text, or "" */
export async function askText({ title, hint, action }) {
  const input = el("textarea", { class: "input", id: "dialog-text", required: true, dir: "auto" });
  input.rows = 4;
  const answer = await ask({
    title,
    body: [el("div", { class: "field-set" }, el("label", { for: "dialog-text" }, hint), input)],
    actions: [{ name: "send", title: action, kind: "button--primary" }],
    onOpen: (dialog, close) => {
      input.focus();
      input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault(); // otherwise the viewer would approve the document once the dialog is closed
        if (input.value.trim()) close("send");
      });
      return dialog;
    },
  });
  return answer === "send" ? input.value.trim() : "";
}

/** Ask for confirmation of an irreversible action. @param {string} title @param {string} text
 * @param {string} action @returns {Promise<boolean>} */
export async function askSure(title, text, action) {
  const answer = await ask({ title, body: [el("p", {}, text)], actions: [{ name: "yes", title: action, kind: "button--primary" }] });
  return answer === "yes";
}

/** @param {string} name a chord @returns {Node[]} */
const keycaps = (name) => name.split(/(?<=.)\+(?=.)/).map((part) => el("kbd", {}, part === "Escape" ? "Esc" : part));

/** All keys; click one, then press another, to change it. @param {import("./keymap.js").Keymap} keymap */
export async function showKeys(keymap) {
  const list = el("div", { class: "keys" });
  let waiting = "";
  const draw = () => list.replaceChildren(...groups(keymap, waiting));
  draw();
  const reset = el("button", { class: "button button--quiet", type: "button" }, icon("restart"), gettext("Reset keys"));
  reset.addEventListener("click", () => {
    keymap.reset();
    draw();
  });
  await ask({
    title: gettext("All keys"),
    wide: true,
    body: [el("p", { class: "soft" }, gettext("Choose a key, then press the new one.")), list, el("div", {}, reset)],
    onOpen: (dialog) => {
      const start = (/** @type {string} */ id) => {
        waiting = id;
        draw();
        one(`[data-rebind="${id}"]`, list)?.focus();
      };
      list.addEventListener("click", (/** @type {Event} */ event) => {
        const button = /** @type {Element} */ (event.target).closest("[data-rebind]");
        if (button) start(button.getAttribute("data-rebind") ?? "");
      });
      dialog.addEventListener("keydown", (event) => {
        const key = waiting && chord(event);
        if (!key) return;
        event.preventDefault();
        event.stopPropagation();
        keymap.bind(waiting, key);
        start("");
      });
    },
  });
}

/** @param {import("./keymap.js").Keymap} keymap @param {string} waiting @returns {Node[]} */
function groups(keymap, waiting) {
  const names = [...new Set(keymap.actions.map((action) => action.group))];
  return names.map((name) =>
    el("section", {}, el("h3", {}, name), el("ul", {}, ...keymap.actions.filter((item) => item.group === name).map((item) =>
      el("li", { class: "keys__line" }, el("span", {}, item.title),
        el("button", { class: "keys__key", type: "button", "data-rebind": item.id, "aria-label": `${item.title}: ${item.keys.join(", ")}` },
          ...(waiting === item.id ? [gettext("press a key")] : item.keys.slice(0, 1).flatMap(keycaps)))),
    ))),
  );
}

/** Return whether a dialog is open, which disables the viewer's keys. */
export const isDialogOpen = () => all("dialog[open]").length > 0;
