// State of a split while it is edited, and its operations; no DOM.

/** @typedef {{parts: number[][], dropped: Record<number, string>}} Layout dropped pages keep their place */

/** Convert a split into a layout in which dropped pages keep their place. @param {any} split @returns {Layout} */
export function layoutOf(split) {
  const parts = split.parts.map((/** @type {any} */ part) => [...part.pages]);
  const dropped = Object.fromEntries(split.dropped.map((/** @type {any} */ one) => [one.page, one.reason]));
  for (const { page } of split.dropped) place(parts, page);
  return { parts, dropped };
}

/** Insert a page after its predecessor, or at the very beginning. @param {number[][]} parts @param {number} page */
function place(parts, page) {
  for (const part of parts) {
    const at = part.indexOf(page - 1);
    if (at >= 0) return part.splice(at + 1, 0, page);
  }
  return parts[0].unshift(page);
}

export class SplitState {
  /** @param {any} split values from the server */
  constructor(split) {
    this.split = split;
    this.layout = layoutOf(split);
    /** @type {Layout[]} */
    this.past = [];
    /** @type {Layout[]} */
    this.future = [];
    this.start = JSON.stringify(this.wanted());
  }

  /** @returns {number[]} all pages, in the order in which they are shown */
  get order() {
    return this.layout.parts.flat();
  }

  /** @param {number} page @returns {[number, number]} its part and its place there */
  positionOf(page) {
    const part = this.layout.parts.findIndex((pages) => pages.includes(page));
    return [part, this.layout.parts[part].indexOf(page)];
  }

  /** @param {number} page */
  isDropped(page) {
    return page in this.layout.dropped;
  }

  /** @param {number[]} part @returns {number[]} pages that are not dropped */
  kept(part) {
    return part.filter((page) => !this.isDropped(page));
  }

  /** Return the request body. @returns {{parts: {pages: number[]}[], dropped: number[]}} */
  wanted() {
    const parts = this.layout.parts.map((part) => this.kept(part)).filter((part) => part.length > 0);
    const dropped = Object.keys(this.layout.dropped).map(Number);
    return { parts: parts.map((pages) => ({ pages })), dropped: dropped.sort((one, other) => one - other) };
  }

  get changed() {
    return JSON.stringify(this.wanted()) !== this.start;
  }

  /** Cut before a page; if a document already begins there, join it with the previous one. @param {number} page */
  cut(page) {
    const [part, at] = this.positionOf(page);
    if (at === 0) return this.merge(page);
    return this.change((parts) => parts.splice(part, 1, parts[part].slice(0, at), parts[part].slice(at)));
  }

  /** Join a page's document with the previous one. @param {number} page */
  merge(page) {
    const [part] = this.positionOf(page);
    if (part < 1) return false;
    return this.change((parts) => parts.splice(part - 1, 2, [...parts[part - 1], ...parts[part]]));
  }

  /** Move a page by one place; across a cut it moves into the other document. @param {number} page @param {-1 | 1} by */
  move(page, by) {
    const [part, at] = this.positionOf(page);
    const { parts } = this.layout;
    const over = by < 0 ? at === 0 : at === parts[part].length - 1;
    if (over && !parts[part + by]) return false;
    return this.change((copy) => {
      copy[part].splice(at, 1);
      if (!over) copy[part].splice(at + by, 0, page);
      else if (by < 0) copy[part - 1].push(page);
      else copy[part + 1].unshift(page);
    });
  }

  /** Move a page before or after another one. @param {number} page @param {number} other @param {boolean} behind */
  moveTo(page, other, behind) {
    if (page === other) return false;
    return this.change((parts) => {
      const [from, at] = this.positionOf(page);
      parts[from].splice(at, 1);
      const to = parts.findIndex((pages) => pages.includes(other));
      parts[to].splice(parts[to].indexOf(other) + (behind ? 1 : 0), 0, page);
    });
  }

  /** Drop a page, or restore it; the last remaining page cannot be dropped. @param {number} page */
  drop(page) {
    if (!this.isDropped(page) && this.kept(this.order).length === 1) return false;
    return this.change((_, dropped) => {
      if (page in dropped) delete dropped[page];
      else dropped[page] = "excluded";
    });
  }

  /** Join all pages that are not dropped into one document. */
  joinAll() {
    return this.layout.parts.length > 1 && this.change((parts) => parts.splice(0, parts.length, parts.flat()));
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  /** @param {Layout[]} from @param {Layout[]} to */
  step(from, to) {
    const layout = from.pop();
    if (!layout) return false;
    to.push(this.layout);
    this.layout = layout;
    return true;
  }

  /** @param {(parts: number[][], dropped: Record<number, string>) => void} work on copies */
  change(work) {
    const parts = this.layout.parts.map((part) => [...part]);
    const dropped = { ...this.layout.dropped };
    work(parts, dropped);
    this.past.push(this.layout);
    this.future = [];
    this.layout = { parts: parts.filter((part) => part.length > 0), dropped };
    return true;
  }

  /** Effect of the split on a part: it stays, continues, replaces a decided document, or is new.
   * @param {number[]} part @returns {{what: string, document?: any}} */
  outcome(part) {
    const pages = this.kept(part);
    const same = (/** @type {any} */ one) => JSON.stringify(one.pages) === JSON.stringify(pages);
    const stays = this.split.parts.find(same);
    if (stays) return { what: "stays", document: stays };
    return { what: "judged" };
  }

  /** Decided documents that would be superseded, because their pages change. @returns {any[]} */
  superseded() {
    const wanted = new Set(this.wanted().parts.map(({ pages }) => JSON.stringify(pages)));
    return this.decided().filter((/** @type {any} */ part) => !wanted.has(JSON.stringify(part.pages)));
  }

  /** @returns {any[]} the documents that have been decided */
  decided() {
    return this.split.parts.filter((/** @type {any} */ part) => ["APPROVED", "REJECTED"].includes(part.status));
  }

  /** Decided documents that a rotation changes: they are read and assessed again. @param {number[]} pages */
  affectedByRotation(pages) {
    return this.decided().filter((/** @type {any} */ part) => part.pages.some((/** @type {number} */ page) => pages.includes(page)));
  }
}
