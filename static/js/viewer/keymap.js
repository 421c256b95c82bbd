// Key bindings of actions. Every binding can be changed; changes are stored on this device.

import { gettext } from "../lib/i18n.js";

const STORE = "refinery.keys";

/** macOS has its commands on the Cmd key; Ctrl works there as well. */
export const onMac = () => /mac/i.test(/** @type {any} */ (navigator).userAgentData?.platform ?? navigator.platform ?? "");

/** Chords that edit text in every program: no action may take them. */
const EDITING = new Set(["Backspace", "Delete", "A", "C", "V", "X", "ArrowLeft", "ArrowRight", "Home", "End"].map((key) => `Ctrl+${key}`));

/** @typedef {{id: string, title: string, group: string, keys: string[]}} Action */

/** The actions with their default keys. @returns {Action[]} */
export function defaults() {
  const fields = gettext("Fields");
  const decision = gettext("Decision");
  const page = gettext("Page");
  const rows = /** @type {[string, string, string, ...string[]][]} */ ([
    ["confirm", gettext("Confirm, go to the next field that needs a human"), fields, "Enter"],
    ["next-field", gettext("Next field"), fields, "Tab"],
    ["previous-field", gettext("Previous field"), fields, "Shift+Tab"],
    ["revert", gettext("Restore the model's value"), fields, "Escape"],
    ["alternative-1", gettext("First other reading"), fields, "Alt+1"],
    ["alternative-2", gettext("Second other reading"), fields, "Alt+2"],
    ["alternative-3", gettext("Third other reading"), fields, "Alt+3"],
    ["fix", gettext("Take the proposed fix"), fields, "Alt+0"],
    ["region", gettext("Take the value from the page: click or drag"), fields, "Alt+B"],
    ["undo", gettext("Undo, including the last document"), fields, "Ctrl+Z"],
    ["redo", gettext("Redo"), fields, "Ctrl+Shift+Z", "Ctrl+Y"],
    ["approve", gettext("Approve and open the next document"), decision, "Ctrl+Enter"],
    ["reject", gettext("Reject, then 1 to 9 for the reason, then Enter"), decision, "Alt+X"],
    ["postpone", gettext("Postpone"), decision, "Ctrl+Space"],
    ["escalate", gettext("Escalate"), decision, "Alt+E"],
    ["comment", gettext("Comment"), decision, "Alt+C"],
    ["page-next", gettext("Next page"), page, "Alt+PageDown"],
    ["page-previous", gettext("Previous page"), page, "Alt+PageUp"],
    ["zoom-in", gettext("Zoom in"), page, "+", "Alt++"],
    ["zoom-out", gettext("Zoom out"), page, "-", "Alt+-"],
    ["fit", gettext("Fit the page"), page, "0", "Alt+."],
    ["rotate", gettext("Rotate"), page, "Alt+R"],
    ["heat", gettext("Heat overlay"), page, "Alt+H"],
    ["layout", gettext("Layout: blocks and tables in reading order"), page, "Alt+L"],
    ["keys", gettext("All keys"), page, "?", "F1"],
  ]);
  return rows.map(([id, title, group, ...keys]) => ({ id, title, group, keys }));
}

const NAMED = new Map([["Digit", 5], ["Key", 3]]);

/** Return the letter or digit on a key, independent of layout and Alt. @param {string} code */
function plain(code) {
  for (const [prefix, length] of NAMED) if (code.startsWith(prefix)) return code.slice(length);
  return "";
}

/** Name the key that was pressed, such as "Ctrl+Shift+Z"; "" for a bare modifier. @param {KeyboardEvent} event */
export function chord(event) {
  if (["Control", "Alt", "Shift", "Meta", "AltGraph", "Dead", "Process"].includes(event.key)) return "";
  if (event.metaKey && !onMac()) return "";
  const command = (event.ctrlKey || event.metaKey) && !event.getModifierState?.("AltGraph");
  const alt = event.altKey && !event.getModifierState?.("AltGraph");
  let key = event.key === " " ? "Space" : event.key;
  const letter = plain(event.code);
  if (letter && (alt || (command && (event.shiftKey || key.charCodeAt(0) > 127)))) key = letter;
  if (key.length === 1) key = key.toUpperCase();
  const shift = event.shiftKey && (key.length > 1 || command || (alt && letter !== ""));
  return [command && "Ctrl", alt && "Alt", shift && "Shift", key].filter(Boolean).join("+");
}

/** Return the keys of a chord as they are named on this keyboard. @param {string} name @returns {string[]} */
export function spoken(name) {
  const named = /** @type {Record<string, string>} */ ({ Escape: "Esc", ...(onMac() ? { Ctrl: "Cmd" } : {}) });
  return name.split(/(?<=.)\+(?=.)/).map((key) => named[key] ?? key);
}

/** Return whether a key types a character, which it does inside an input. @param {string} name */
export const writes = (name) => [...name].length === 1;

/** Return whether a key may be bound: decisions need Ctrl or Alt, so that no single key decides.
 * @param {Action} action @param {string} key */
const allowed = (action, key) => !EDITING.has(key) && (action.group !== gettext("Decision") || /^(Ctrl|Alt)\+/.test(key));

/** @param {Action} action @param {string[]} keys */
const sameKeys = (action, keys) => action.keys.join(" ") === keys.join(" ");

/** Bindings of this device over the defaults. */
export class Keymap {
  /** @param {Storage | null} storage */
  constructor(storage = globalThis.localStorage ?? null) {
    this.storage = storage;
    this.actions = defaults();
    for (const [id, keys] of Object.entries(this.kept())) {
      const action = this.actions.find((item) => item.id === id);
      if (!action || !Array.isArray(keys)) continue;
      const usable = keys.filter((key) => allowed(action, key));
      if (usable.length === keys.length) action.keys = usable;
    }
    this.index();
  }

  /** @returns {Record<string, string[]>} */
  kept() {
    try {
      return JSON.parse(this.storage?.getItem(STORE) ?? "{}");
    } catch {
      return {};
    }
  }

  index() {
    /** @type {Map<string, string>} */
    this.byKey = new Map();
    for (const { id, keys } of this.actions) for (const key of keys) this.byKey.set(key, id);
  }

  /** @param {string} name a chord @returns {string | undefined} */
  action(name) {
    return this.byKey?.get(name);
  }

  /** @param {string} id @returns {string} the first key, for a label */
  label(id) {
    return this.actions.find((item) => item.id === id)?.keys[0] ?? "";
  }

  /** Bind a key to an action; another action loses it. @param {string} id @param {string} key
   * @returns {boolean} false for a key that the action may not have */
  bind(id, key) {
    const wanted = this.actions.find((item) => item.id === id);
    if (!wanted || !allowed(wanted, key)) return false;
    for (const action of this.actions) {
      if (action.keys.includes(key)) action.keys = action.keys.filter((other) => other !== key);
      if (action.id === id) action.keys = [key, ...action.keys.slice(1)];
    }
    this.keep();
    return true;
  }

  /** Restore the default keys. */
  reset() {
    this.actions = defaults();
    this.storage?.removeItem(STORE);
    this.index();
  }

  keep() {
    const usual = new Map(defaults().map((action) => [action.id, action]));
    const own = this.actions.filter((action) => !sameKeys(/** @type {Action} */ (usual.get(action.id)), action.keys));
    const changed = Object.fromEntries(own.map(({ id, keys }) => [id, keys]));
    try {
      this.storage?.setItem(STORE, JSON.stringify(changed));
    } catch {
      // Without storage the bindings last only until the page is closed.
    }
    this.index();
  }
}
