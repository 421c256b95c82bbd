// State of a reviewer's work on one task: values, confirmations, and the undo history.

/** @typedef {{value: string, confirmed: boolean, page: number | null, bbox: number[] | null}} Entry */
/** @typedef {{value: string, shown: string, problem: string}} Reading how the server reads `value`: its normal form, or why not */
/** @typedef {{name: string, before: Entry, after: Entry, typed: boolean, at: number}} Step */

const BURST = 900;
const SAME_PLACE = 1e-6;

/** @param {number[] | null} a @param {number[] | null} b */
const sameBox = (a, b) =>
  a === b || (!!a && !!b && a.every((value, index) => Math.abs(value - b[index]) < SAME_PLACE));

/** The state of one task. Dispatches `change` (detail: {names, why}) and `focus` (detail: {name, from}). */
export class Work extends EventTarget {
  /** @param {any} payload as described in docs/viewer.md */
  constructor(payload) {
    super();
    this.payload = payload;
    /** @type {any[]} */
    this.fields = payload.document.fields;
    this.specs = new Map(this.fields.map((field) => [field.name, field]));
    /** @type {Map<string, Entry>} */
    this.entries = new Map(this.fields.map((field) => [field.name, this.original(field.name)]));
    this.focused = "";
    /** @type {Map<string, Reading>} readings of the values that a human typed or chose */
    this.readings = new Map();
    /** @type {any[]} the issues, as they are for the present values */
    this.issues = payload.document.issues ?? [];
    /** @type {Map<string, number>} number of pending region readings by field */
    this.waiting = new Map();
    /** @type {Step[]} */
    this.done = [];
    /** @type {Step[]} */
    this.undone = [];
  }

  /** The value that the model read. @param {string} name @returns {Entry} */
  original(name) {
    const { value, page, bbox } = this.specs.get(name);
    return { value: value ?? "", confirmed: false, page: page ?? null, bbox: bbox ?? null };
  }

  /** @param {string} name @returns {Entry} */
  entry(name) {
    return /** @type {Entry} */ (this.entries.get(name));
  }

  /** @param {string} name */
  changed(name) {
    const now = this.entry(name);
    const first = this.original(name);
    return now.value !== first.value || now.page !== first.page || !sameBox(now.bbox, first.bbox);
  }

  /** Whether a human has confirmed or corrected this field. @param {string} name */
  checked(name) {
    return this.entry(name).confirmed || this.changed(name);
  }

  /** Fields that still need a human, lowest confidence first. @returns {string[]} */
  pending() {
    return this.fields
      .filter((field) => field.needs_human && !this.checked(field.name))
      .sort((a, b) => a.confidence - b.confidence)
      .map((field) => field.name);
  }

  /** @returns {{left: number, all: number}} */
  count() {
    return { left: this.pending().length, all: this.fields.filter((field) => field.needs_human).length };
  }

  /** @param {string} name @param {Partial<Entry>} changes @param {boolean} [typed] joins a burst of typing */
  set(name, changes, typed = false, now = Date.now()) {
    const before = this.entry(name);
    const after = { ...before, ...changes };
    this.entries.set(name, after);
    const last = this.done.at(-1);
    if (typed && last?.typed && last.name === name && now - last.at < BURST) {
      last.after = after;
      last.at = now;
    } else this.done.push({ name, before, after, typed, at: now });
    this.undone = [];
    this.report([name]);
  }

  /** @param {string} name @param {string} value */
  type(name, value) {
    if (this.entry(name).value !== value) this.set(name, { value, confirmed: false }, true);
  }

  /** @param {string} name */
  confirm(name) {
    if (!this.entry(name).confirmed) this.set(name, { confirmed: true });
  }

  /** Restore the model's value. @param {string} name */
  revert(name) {
    if (this.changed(name) || this.entry(name).confirmed) this.set(name, this.original(name));
  }

  /** Apply the n-th alternative reading, from 1. @param {string} name @param {number} number */
  takeAlternative(name, number) {
    const other = this.specs.get(name).alternatives?.[number - 1];
    if (!other) return false;
    const place = other.bbox ? { page: other.page, bbox: other.bbox } : {};
    this.set(name, { value: other.value, confirmed: true, ...place });
    return true;
  }

  /** The fix that a failed check proposes for a field. @param {string} name @returns {string | undefined} */
  fix(name) {
    return this.issues.find((issue) => issue.field === name && issue.fix && issue.state !== "resolved")?.fix;
  }

  /** The reading of the value that a human gave a field; undefined until the server has answered for this value.
   * @param {string} name @returns {Reading | undefined} */
  reading(name) {
    const found = this.changed(name) ? this.readings.get(name) : undefined;
    return found?.value === this.entry(name).value ? found : undefined;
  }

  /** Why the server cannot accept the value that a human gave a field; "" if it can. @param {string} name */
  problem(name) {
    return this.reading(name)?.problem ?? "";
  }

  /** The state of an issue: a person who confirms a field's value has accepted the issues about it.
   * @param {any} issue @returns {"open" | "resolved" | "accepted"} */
  stateOf(issue) {
    if (issue.state === "resolved") return "resolved";
    const mine = this.specs.has(issue.field) && this.entry(issue.field).confirmed && !this.changed(issue.field);
    return mine || issue.accepted_by ? "accepted" : "open";
  }

  /** Apply the server's answer about the present values. @param {{values: Record<string, Reading>, issues: any[] | null}} answer */
  learn({ values, issues }) {
    const names = new Set([...this.readings.keys(), ...Object.keys(values)]);
    this.readings = new Map(Object.entries(values));
    if (issues) this.issues = issues;
    this.report([...names].filter((name) => this.specs.has(name)), "checked");
  }

  /** @param {string} name */
  takeFix(name) {
    const value = this.fix(name);
    if (value === undefined) return false;
    this.set(name, { value, confirmed: true });
    return true;
  }

  /** @param {string} name @param {string} from where the focus came from: panel, page, keys, or open (a new document) */
  focus(name, from = "keys") {
    if (!this.specs.has(name)) return;
    this.focused = name;
    this.dispatchEvent(new CustomEvent("focus", { detail: { name, from } }));
  }

  /** Set whether a field's region is being read again. @param {string} name @param {boolean} on */
  wait(name, on) {
    this.waiting.set(name, (this.waiting.get(name) ?? 0) + (on ? 1 : -1));
    this.report([name], "wait");
  }

  /** @param {string} name */
  awaits(name) {
    return (this.waiting.get(name) ?? 0) > 0;
  }

  /** Undo one step; false if there is none. */
  undo() {
    const step = this.done.pop();
    if (!step) return false;
    this.undone.push(step);
    this.entries.set(step.name, step.before);
    this.report([step.name]);
    this.focus(step.name);
    return true;
  }

  /** Redo one step; false if there is none. */
  redo() {
    const step = this.undone.pop();
    if (!step) return false;
    this.done.push(step);
    this.entries.set(step.name, step.after);
    this.report([step.name]);
    this.focus(step.name);
    return true;
  }

  /** Entries of a draft: those that a human changed or confirmed. @returns {Record<string, Entry>} */
  draft() {
    return Object.fromEntries([...this.entries].filter(([name]) => this.checked(name)));
  }

  /** Apply a whole draft; fields that it does not contain are reset to the model's reading.
   * @param {Record<string, Partial<Entry>>} values */
  restore(values) {
    this.adopt(Object.fromEntries(this.fields.map(({ name }) => {
      const kept = values[name] ? { confirmed: true, ...values[name] } : {};
      return [name, { ...this.original(name), ...kept }];
    })));
  }

  /** Apply single entries, such as another tab's; they are not undo steps of this one.
   * @param {Record<string, Entry>} entries @param {string} [except] a field that stays as it is */
  adopt(entries, except) {
    const differs = (/** @type {Entry} */ a, /** @type {Entry} */ b) =>
      a.value !== b.value || a.confirmed !== b.confirmed || !sameBox(a.bbox, b.bbox);
    const names = Object.keys(entries).filter((name) =>
      name !== except && this.specs.has(name) && differs(entries[name], this.entry(name)),
    );
    for (const name of names) this.entries.set(name, entries[name]);
    this.forgetSteps(names);
    if (names.length > 0) this.report(names, "restore");
  }

  /** Drop the undo steps of fields that were set elsewhere: undoing them would lose the other edit.
   * @param {string[]} names */
  forgetSteps(names) {
    const mine = (/** @type {Step} */ step) => !names.includes(step.name);
    this.done = this.done.filter(mine);
    this.undone = this.undone.filter(mine);
  }

  /** Corrections for `submit`: every field that a human handled; an unchanged value confirms the field.
   * @returns {{field: string, value: string, page?: number | null, bbox?: number[]}[]} */
  corrections() {
    return Object.entries(this.draft()).map(([field, { value, page, bbox }]) => ({
      field,
      value,
      ...(bbox && this.changed(field) ? { page, bbox } : {}),
    }));
  }

  /** @param {string[]} names @param {string} [why] */
  report(names, why = "edit") {
    this.dispatchEvent(new CustomEvent("change", { detail: { names, why } }));
  }
}
