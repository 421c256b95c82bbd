// Stage of the page: one transformed element with the image, the heat overlay and the boxes.

import { one } from "../lib/dom.js";
import { percent } from "../lib/i18n.js";
import { pageImage } from "./images.js";
import * as geometry from "./geometry.js";

const STEP = 1.25;
const SETTLE = 180;

export class Stage {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.sheet = one("[data-sheet]", root);
    this.image = one("[data-testid=page-image]", root);
    this.failed = one("[data-page-failed]", root);
    this.readout = one("[data-zoom]", root);
    this.viewportElement = one("[data-viewport]", root);
    /** @type {{number: number, width: number, height: number, image?: string, error?: string}} */
    this.page = { number: 1, width: 1, height: 1 };
    this.viewport = { width: 1, height: 1 };
    /** @type {geometry.View} */
    this.view = { x: 0, y: 0, scale: 1, rotation: 0 };
    /** @type {"page" | "width" | null} what the view is fitted to, also after a resize */
    this.fitted = "page";
    /** @type {number | null} the scale set by the user, kept between fields and documents */
    this.chosen = null;
    this.selecting = false;
    this.measure();
    new ResizeObserver(() => this.resized()).observe(this.viewportElement);
    this.listen();
  }

  measure() {
    this.viewport = { width: this.viewportElement.clientWidth, height: this.viewportElement.clientHeight };
  }

  resized() {
    this.measure();
    if (this.fitted) this.place(this.fitting());
    else if (this.target) this.zoomTo(this.target);
    else this.place(geometry.clamp(this.view, this.page, this.viewport));
  }

  /** The view that shows the whole page or its full width. @returns {geometry.View} */
  fitting(rotation = this.view.rotation) {
    if (this.fitted === "page") return geometry.fit(this.page, this.viewport, rotation);
    return geometry.fitWidth(this.page, this.viewport, rotation, this.chosen);
  }

  /** Show a new document's page: in full width, from the top; a zoom set by the user is kept.
   * @param {any} page */
  open(page) {
    this.settle();
    this.fitted = "width";
    this.target = undefined;
    return this.show(page);
  }

  /** Show a page; resolves when its image is decoded or has failed. A zoom set by the user is kept between pages.
   * @param {any} page */
  async show(page) {
    const rotation = this.shown?.image === page.image ? this.view.rotation : 0;
    this.shown = page;
    this.page = page;
    this.sheet.style.width = `${page.width}px`;
    this.sheet.style.height = `${page.height}px`;
    const view = { ...this.view, rotation };
    this.place(this.fitted ? this.fitting(rotation) : geometry.clamp(view, page, this.viewport));
    this.failed.hidden = !page.error;
    this.image.hidden = Boolean(page.error);
    if (page.error) return;
    if (this.image.getAttribute("src") !== page.image) this.image.src = page.image;
    this.image.width = page.width;
    this.image.height = page.height;
    try {
      await pageImage(page.image);
    } catch {
      if (this.shown === page) this.failed.hidden = false;
    }
  }

  /** @param {geometry.View} view @param {boolean} [smooth] */
  place(view, smooth = false) {
    this.view = view;
    this.sheet.classList.toggle("sheet--smooth", smooth);
    this.sheet.style.transform = geometry.transform(view, this.page);
    if (!this.moving) this.sheet.style.setProperty("--unit", String(1 / view.scale));
    if (this.readout) this.readout.textContent = percent(view.scale);
  }

  /** @param {number} factor @param {{x: number, y: number}} [about] */
  zoom(factor, about = { x: this.viewport.width / 2, y: this.viewport.height / 2 }) {
    this.fitted = null;
    this.move();
    this.place(geometry.zoom(this.view, factor, about, this.page, this.viewport));
    this.chosen = this.view.scale;
  }

  /** A moving page is one layer that the compositor shifts; strokes are redrawn when it stops. */
  move() {
    this.moving = true;
    this.sheet.classList.add("sheet--moving");
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLE);
  }

  settle() {
    clearTimeout(this.settling);
    this.moving = false;
    this.sheet.classList.remove("sheet--moving");
    this.sheet.style.setProperty("--unit", String(1 / this.view.scale));
  }

  zoomIn() { this.zoom(STEP); }

  zoomOut() { this.zoom(1 / STEP); }

  fit() {
    this.settle();
    this.fitted = "page";
    this.target = undefined;
    this.chosen = null;
    this.place(geometry.fit(this.page, this.viewport, this.view.rotation), true);
  }

  rotate() {
    const rotation = (this.view.rotation + 1) % 4;
    this.fitted = "page";
    this.place(geometry.fit(this.page, this.viewport, rotation));
  }

  /** @param {number[]} bbox */
  zoomTo(bbox) {
    this.settle();
    this.fitted = null;
    this.target = bbox;
    const box = /** @type {geometry.Box} */ (bbox);
    this.place(geometry.zoomToBox(this.view, box, this.page, this.viewport, this.chosen), true);
  }

  /** @param {MouseEvent} event @returns {[number, number]} position on the page, 0..1 */
  pointOf(event) {
    const at = this.viewportElement.getBoundingClientRect();
    return geometry.toPage({ x: event.clientX - at.left, y: event.clientY - at.top }, this.view, this.page);
  }

  /** @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.fitted = null;
    this.target = undefined;
    this.move();
    this.place(geometry.clamp({ ...this.view, x: this.view.x + dx, y: this.view.y + dy }, this.page, this.viewport));
  }

  listen() {
    const view = this.viewportElement;
    view.addEventListener("wheel", (/** @type {WheelEvent} */ event) => this.wheel(event), { passive: false });
    /** @type {Map<number, PointerEvent>} */
    this.pointers = new Map();
    view.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (this.selecting || event.button > 1) return;
      this.pointers?.set(event.pointerId, event);
    });
    view.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => this.dragged(event));
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      view.addEventListener(end, (/** @type {PointerEvent} */ event) => this.pointers?.delete(event.pointerId));
    }
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      const at = this.viewportElement.getBoundingClientRect();
      const about = { x: event.clientX - at.left, y: event.clientY - at.top };
      this.zoom(Math.exp((-event.deltaY * unit) / 300), about);
    } else if (event.shiftKey) this.pan(-event.deltaY * unit, 0);
    else this.pan(-event.deltaX * unit, -event.deltaY * unit);
  }

  /** One pointer pans, two pinch. @param {PointerEvent} event */
  dragged(event) {
    const pointers = this.pointers;
    const before = pointers?.get(event.pointerId);
    if (!pointers || !before) return;
    const others = [...pointers.values()].filter((pointer) => pointer.pointerId !== event.pointerId);
    pointers.set(event.pointerId, event);
    this.pan((event.clientX - before.clientX) / pointers.size, (event.clientY - before.clientY) / pointers.size);
    const [other] = others;
    if (!other) return;
    const spread = (/** @type {PointerEvent} */ p) => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY);
    const at = this.viewportElement.getBoundingClientRect();
    const about = { x: (event.clientX + other.clientX) / 2 - at.left, y: (event.clientY + other.clientY) / 2 - at.top };
    this.zoom(spread(event) / Math.max(1, spread(before)), about);
  }
}
