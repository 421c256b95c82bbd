// Mapping of keys and buttons to actions.

import { one } from "../lib/dom.js";
import { Problem } from "../lib/http.js";
import { fill, gettext } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { chord, spoken, writes } from "./keymap.js";
import { askReason, askText, isDialogOpen, showKeys } from "./dialogs.js";
import { why } from "./decisions.js";

const POSTPONE_SECONDS = 3600;
const LONGEST_COMMENT = 4000; // review/views/task.py

/** @param {EventTarget | null} target */
const isText = (target) => target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== "checkbox");

/** @param {import("./main.js").Viewer} viewer @returns {(id: string) => boolean} do an action by its name */
export function bindActions(viewer) {
  const actions = { ...fieldActions(viewer), ...decisionActions(viewer), ...pageActions(viewer) };
  /** @param {string} id @returns {boolean} whether there was anything to do */
  const act = (id) => actions[id]?.() !== false && id in actions;
  document.addEventListener("keydown", (event) => pressed(viewer, act, event));
  document.addEventListener("keyup", (event) => pressesApprove(event) && event.preventDefault());
  viewer.root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-do]");
    if (button) act(button.getAttribute("data-do") ?? "");
  });
  return act;
}

/** Keys of field actions, which are only active while the caret is in a field, or a field waits to be confirmed. */
const IN_FIELD = new Set(["confirm", "next-field", "previous-field", "revert"]);

/** Field actions that also work at the neutral place after a confirmation: they go on from the field just confirmed. */
const MOVES = new Set(["next-field", "previous-field"]);

/** Actions that a held key may repeat; every other action happens once a press. */
const REPEATABLE = new Set(["next-field", "previous-field", "page-next", "page-previous", "zoom-in", "zoom-out"]);

/** No value begins with a question mark: typed over a fully selected suggestion, it opens the list of keys.
 * @param {any} input */
const untouched = (input) => Boolean(input.value) && input.selectionStart === 0 && input.selectionEnd === input.value.length;

/** Return whether Enter or the space bar would press the button to approve: only its own key approves.
 * @param {KeyboardEvent} event */
const pressesApprove = (event) =>
  ["Enter", "Space"].includes(chord(event)) && Boolean(/** @type {Element} */ (event.target).closest?.("[data-do=approve]"));

/** @param {import("./main.js").Viewer} viewer @param {(id: string) => boolean} act @param {KeyboardEvent} event */
function pressed(viewer, act, event) {
  if (event.isComposing || event.defaultPrevented || isDialogOpen()) return;
  const name = chord(event);
  if (pressesApprove(event)) {
    event.preventDefault();
    toast(fill(gettext("%(key)s approves the document."), { key: spoken(viewer.keymap.label("approve")).join("+") }));
    return;
  }
  const id = name && viewer.keymap.action(name);
  const waits = viewer.panel.waits;
  if (waits && id !== "keys" && types(event, name)) return viewer.panel.enter();
  if (!id) return;
  const text = isText(event.target);
  if (text && writes(name) && !(name === "?" && untouched(event.target))) return;
  const inField = waits || /** @type {Element} */ (event.target).matches?.(".field__input");
  const moves = MOVES.has(id) && event.target === viewer.panel.root;
  if (IN_FIELD.has(id) && !inField && !moves) return;
  if ((event.repeat && !REPEATABLE.has(id)) || act(id)) event.preventDefault();
}

/** Return whether a key begins a text: the waiting field gets the caret, and the character replaces its value.
 * @param {KeyboardEvent} event @param {string} name */
const types = (event, name) => writes(name) || name === "Ctrl+V" || event.key === "Process" || event.key === "Dead";

/** @param {import("./main.js").Viewer} viewer @returns {Record<string, () => any>} */
function fieldActions(viewer) {
  const { session, panel } = viewer;
  const edit = (/** @type {(work: import("./work.js").Work, name: string) => any} */ change) => () => {
    const { work } = viewer;
    if (!work || !session.editable || !work.focused) return true;
    change(work, work.focused);
    return true;
  };
  /** A change by key moves the caret into its field, if no input has it yet. */
  const set = (/** @type {(work: import("./work.js").Work, name: string) => any} */ change) =>
    edit((work, name) => {
      change(work, name);
      if (document.activeElement === panel.root) panel.enter();
    });
  const beside = (/** @type {number} */ step) => () => {
    const next = viewer.work && (panel.waits ? viewer.work.focused : panel.beside(viewer.work.focused, step));
    if (!next) return false;
    viewer.work?.focus(next);
    return true;
  };
  const confirm = edit((work, name) => {
    work.confirm(name);
    const [next] = work.pending();
    if (next) work.focus(next);
    else panel.rest();
  });
  return {
    confirm,
    "next-field": beside(1),
    "previous-field": beside(-1),
    revert: set((work, name) => work.revert(name)),
    "alternative-1": set((work, name) => work.takeAlternative(name, 1)),
    "alternative-2": set((work, name) => work.takeAlternative(name, 2)),
    "alternative-3": set((work, name) => work.takeAlternative(name, 3)),
    fix: set((work, name) => work.takeFix(name)),
    region: () => viewer.region.toggle(),
    undo: () => void (viewer.work && session.editable && viewer.work.undo() ? true : session.undoLast()),
    redo: () => {
      if (session.editable) viewer.work?.redo();
    },
  };
}

/** @param {import("./main.js").Viewer} viewer @returns {Record<string, () => any>} */
function decisionActions(viewer) {
  const { session } = viewer;
  const asked = (/** @type {() => Promise<any>} */ work) => () => {
    if (session.open && !session.busy) {
      work().catch((error) => {
        if (!(error instanceof Problem)) throw error;
        toast(why(error));
      });
    }
  };
  return {
    approve: () => void session.decide("approve"),
    reject: asked(async () => {
      if (!session.editable) return;
      const reason = await askReason(session.open?.payload.reasons ?? []);
      if (reason) await session.decide("reject", reason);
    }),
    second: () => void session.decide("needs_second_review"),
    postpone: asked(() => session.leave("postpone", { seconds: POSTPONE_SECONDS }, gettext("Postponed. It comes back to you in an hour."))),
    "next-document": asked(() => session.leave("release", {}, gettext("Released to the queue."))),
    skip: asked(() => session.leave("skip", {}, gettext("Skipped. It is not offered to you again."))),
    escalate: asked(async () => {
      const reason = await askText({
        title: gettext("Escalate to a manager"),
        hint: gettext("What should they know?"),
        action: gettext("Escalate and next"),
      });
      if (reason) await session.leave("escalate", { reason }, gettext("Escalated."));
    }),
    comment: asked(async () => {
      const text = await askText({
        title: gettext("Comment"),
        hint: gettext("Colleagues see this."),
        action: gettext("Comment"),
        most: LONGEST_COMMENT,
      });
      const comment = text && (await session.comment(text));
      if (!comment) return;
      viewer.details.addComment(comment);
      viewer.details.choose("comments");
    }),
    "look-again": () => void session.alone(() => session.next()),
    keys: asked(async () => {
      await showKeys(viewer.keymap);
      viewer.label();
    }),
  };
}

/** @param {import("./main.js").Viewer} viewer @returns {Record<string, () => any>} */
function pageActions(viewer) {
  const { stage } = viewer;
  const heat = () => {
    viewer.heat = !viewer.heat;
    one("[data-do=heat]", viewer.root).setAttribute("aria-pressed", String(viewer.heat));
    void viewer.showHeat();
  };
  const layout = () => {
    viewer.layout = !viewer.layout;
    one("[data-do=layout]", viewer.root).setAttribute("aria-pressed", String(viewer.layout));
    void viewer.showLayout();
  };
  return {
    "page-next": () => viewer.turnTo((viewer.number ?? 1) + 1),
    "page-previous": () => viewer.turnTo((viewer.number ?? 1) - 1),
    "zoom-in": () => stage.zoomIn(),
    "zoom-out": () => stage.zoomOut(),
    fit: () => stage.fit(),
    rotate: () => stage.rotate(),
    heat,
    layout,
  };
}
