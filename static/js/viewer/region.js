// Taking a value from the page: click a word, drag over several, or have the region read again.

import { svg } from "../lib/dom.js";
import { Problem } from "../lib/http.js";
import { fill, gettext } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { readRegion } from "./read-region.js";
import { around, wordAt, wordsIn, wordsOf } from "./words.js";

const CLICK = 0.006;

export class Region {
  /** @param {import("./stage.js").Stage} stage @param {SVGSVGElement} layer @param {(on: boolean) => void} shown */
  constructor(stage, layer, shown) {
    this.stage = stage;
    this.layer = layer;
    this.shown = shown;
    const view = stage.viewportElement;
    view.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => this.begin(event));
    view.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => this.drag(event));
    view.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => void this.end(event));
    view.addEventListener("click", (/** @type {Event} */ event) => {
      if (this.swallow) event.stopPropagation();
      this.swallow = false;
    }, true);
  }

  /** @param {import("./work.js").Work} work */
  show(work) {
    this.work = work;
    this.mode(false);
  }

  toggle() {
    if (this.work?.focused && this.work.payload.lease) this.mode(!this.stage.selecting);
  }

  /** @param {boolean} on */
  mode(on) {
    this.stage.selecting = on;
    this.stage.viewportElement.classList.toggle("viewport--selecting", on);
    this.marquee?.remove();
    this.from = undefined;
    this.shown(on);
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (!this.stage.selecting || event.button !== 0) return;
    event.preventDefault();
    this.from = this.stage.pointOf(event);
    this.marquee = svg("rect", { class: "marquee" });
    this.layer.append(/** @type {Node} */ (this.marquee));
  }

  /** @param {PointerEvent} event @returns {number[]} */
  box(event) {
    const [ax, ay] = /** @type {[number, number]} */ (this.from);
    const [bx, by] = this.stage.pointOf(event);
    return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.from || !this.marquee) return;
    const [x0, y0, x1, y1] = this.box(event);
    const { width, height } = this.stage.page;
    const place = { x: x0 * width, y: y0 * height, width: (x1 - x0) * width, height: (y1 - y0) * height };
    for (const [name, value] of Object.entries(place)) this.marquee.setAttribute(name, value.toFixed(1));
  }

  /** @param {PointerEvent} event */
  async end(event) {
    if (!this.from || !this.work) return;
    const box = this.box(event);
    const name = this.work.focused;
    const page = this.stage.page;
    const work = this.work;
    this.swallow = true;
    this.mode(false);
    try {
      const words = await wordsOf(page);
      const click = box[2] - box[0] < CLICK && box[3] - box[1] < CLICK;
      const found = click ? wordAt(words, [box[0], box[1]]) : wordsIn(words, box);
      if (found) this.take(work, name, page.number, found, click ? found.bbox : box);
      else if (!click && work.payload.urls.regions) await this.readAgain(work, name, page.number, box);
      else toast(gettext("There is no word here. Type the value instead."));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(gettext("The words of this page could not be fetched. Type the value instead."));
    }
  }

  /** @param {import("./work.js").Work} work @param {string} name @param {number} page
   * @param {{text: string, bbox: number[]}} found @param {number[]} box */
  take(work, name, page, found, box) {
    work.set(name, { value: found.text, confirmed: true, page, bbox: found.bbox });
    work.focus(name, "region");
    const again = { action: gettext("Read again"), act: () => void this.readAgain(work, name, page, box) };
    toast(gettext("Taken from the page."), work.payload.urls.regions ? again : {});
  }

  /** Have a region read again; the field shows this until the result arrives.
   * @param {import("./work.js").Work} work @param {string} field @param {number} page @param {number[]} bbox */
  async readAgain(work, field, page, bbox) {
    const before = work.entry(field).value;
    const again = { action: gettext("Try again"), act: () => void this.readAgain(work, field, page, bbox) };
    work.wait(field, true);
    toast(gettext("That place is being read again. The reading will appear in the field."));
    try {
      const read = await readRegion(work.payload.urls.regions.replace("{page}", String(page)), { bbox });
      if (read.status === "queued") toast(gettext("The reading takes too long. Type the value, or try again."), again);
      else if (read.status === "failed") toast(gettext("That place could not be read. Type the value instead."));
      else if (!read.text) toast(gettext("Nothing was found in that place. Type the value instead."));
      else this.arrived(work, field, before, { value: read.text, page, bbox: around(read.words) ?? bbox, confirmed: false });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(gettext("That place could not be read again now. Type the value instead."), again);
    } finally {
      work.wait(field, false);
    }
  }

  /** Apply a finished reading; offer it if the user has typed meanwhile, ignore it if the document is closed.
   * @param {import("./work.js").Work} work @param {string} field @param {string} before
   * @param {import("./work.js").Entry} entry */
  arrived(work, field, before, entry) {
    if (work !== this.work) return;
    const use = () => work.set(field, entry);
    if (work.entry(field).value !== before) {
      return toast(fill(gettext("Read again: %(text)s"), { text: entry.value }), { action: gettext("Use it"), act: use });
    }
    use();
    toast(gettext("The place was read again."));
  }
}
