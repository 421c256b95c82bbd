// Dialogs: a reason, a note, a comment, and the list of all keys, where they can be changed.

import { ask } from "../lib/dialog.js";
import { all, el, icon, one } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { chord, spoken } from "./keymap.js";

const OTHER = "other"; // review/selectors/viewer.py: the reason that needs words
const LONGEST_REASON = 300;

/** Ask why a document is rejected: a digit selects a reason, Enter rejects with it.
 * @param {{code: string, title: string}[]} reasons @returns {Promise<string>} a code, the words of another reason, or "" */
export async function askReason(reasons) {
  const choices = reasons.slice(0, 9).map(({ code, title }, index) =>
    el("button", { class: "choice", type: "submit", value: code, "data-testid": `reason:${code}` },
      el("kbd", {}, String(index + 1)), title),
  );
  const hint = el("p", { class: "soft" }, gettext("Choose by number, then press Enter."));
  const answer = await ask({
    title: gettext("Why is this document rejected?"),
    body: [hint, el("div", { class: "choices" }, ...choices)],
    onOpen: (dialog) => {
      dialog.addEventListener("keydown", (event) => {
        const choice = /^[1-9]$/.test(event.key) ? choices[Number(event.key) - 1] : undefined;
        if (choice) choice.focus();
      });
    },
  });
  const words = { title: gettext("Another reason"), hint: gettext("Why is this document rejected?"), action: gettext("Reject") };
  return answer === OTHER ? askText(words) : answer;
}

/** Ask for a line or two of text, of at most `most` characters.
 * @param {{title: string, hint: string, action: string, body?: Node[], most?: number}} words
 * @returns {Promise<string>} the text, or "" */
export async function askText({ title, hint, action, body = [], most = LONGEST_REASON }) {
  const input = el("textarea", { class: "input", id: "dialog-text", required: true, dir: "auto" });
  input.rows = 4;
  input.maxLength = most;
  const answer = await ask({
    title,
    body: [...body, el("div", { class: "field-set" }, el("label", { for: "dialog-text" }, hint), input)],
    actions: [{ name: "send", title: action, kind: "button--primary" }],
    onOpen: (dialog, close) => {
      input.focus();
      input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault(); // otherwise the viewer would approve the document once the dialog is closed
        if (input.value.trim() && !event.repeat) close("send");
      });
      return dialog;
    },
  });
  return answer === "send" ? input.value.trim() : "";
}

/** @param {string} name a chord @returns {Node[]} */
const keycaps = (name) => spoken(name).map((key) => el("kbd", {}, key));

/** All keys; click one, then press another, to change it. @param {import("./keymap.js").Keymap} keymap */
export async function showKeys(keymap) {
  const list = el("div", { class: "keys" });
  const said = el("p", { class: "status status--warn", role: "status" });
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
    body: [el("p", { class: "soft" }, gettext("Choose a key, then press the new one.")), said, list, el("div", {}, reset)],
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
        if (key === "Escape") return start("");
        const bound = keymap.bind(waiting, key);
        said.textContent = bound ? "" : gettext("That key edits text, or decides without Ctrl or Alt. Choose another.");
        if (bound) start("");
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
