// Position of the page in the viewport: pure arithmetic over {x, y, scale, rotation}.
// A point (px, py) of the page, in page pixels, is rotated by `rotation` quarter turns within the page's
// rectangle, scaled, then moved by (x, y), which yields its position in the viewport in CSS pixels.

/** @typedef {{x: number, y: number, scale: number, rotation: number}} View */
/** @typedef {{width: number, height: number}} Size */
/** @typedef {[number, number, number, number]} Box four corners 0..1 of the page: x0, y0, x1, y1 */

export const SMALLEST = 0.05;
export const LARGEST = 8;
const MARGIN = 16;
const CLOSEST = 1.5;

/** The page's size once rotated. @param {Size} page @param {number} rotation @returns {Size} */
export const rotatedSize = (page, rotation) =>
  rotation % 2 ? { width: page.height, height: page.width } : { width: page.width, height: page.height };

/** @param {number} scale */
export const clampScale = (scale) => Math.min(LARGEST, Math.max(SMALLEST, scale));

/** Keep the page in sight: centred where it is smaller than the viewport, edge to edge where it is larger.
 * @param {View} view @param {Size} page @param {Size} viewport @returns {View} */
export function clamp(view, page, viewport) {
  const size = rotatedSize(page, view.rotation);
  const along = (/** @type {number} */ at, /** @type {number} */ length, /** @type {number} */ room) => {
    const long = length * view.scale;
    if (long + 2 * MARGIN <= room) return (room - long) / 2;
    return Math.min(MARGIN, Math.max(room - long - MARGIN, at));
  };
  return {
    ...view,
    x: along(view.x, size.width, viewport.width),
    y: along(view.y, size.height, viewport.height),
  };
}

/** The whole page. @param {Size} page @param {Size} viewport @param {number} rotation @returns {View} */
export function fit(page, viewport, rotation = 0) {
  const size = rotatedSize(page, rotation);
  const scale = clampScale(
    Math.min((viewport.width - 2 * MARGIN) / size.width, (viewport.height - 2 * MARGIN) / size.height),
  );
  return clamp({ x: 0, y: 0, scale, rotation }, page, viewport);
}

/** The full width of the page, from its top; a wide page is centred. A scale set by the user is kept.
 * @param {Size} page @param {Size} viewport @param {number} rotation @param {number | null} [chosen] @returns {View} */
export function fitWidth(page, viewport, rotation = 0, chosen = null) {
  const across = (viewport.width - 2 * MARGIN) / rotatedSize(page, rotation).width;
  return clamp({ x: MARGIN, y: MARGIN, scale: chosen ?? clampScale(across), rotation }, page, viewport);
}

/** Zoom by a factor around a fixed point of the viewport.
 * @param {View} view @param {number} factor @param {{x: number, y: number}} about
 * @param {Size} page @param {Size} viewport @returns {View} */
export function zoom(view, factor, about, page, viewport) {
  const scale = clampScale(view.scale * factor);
  const ratio = scale / view.scale;
  const x = about.x - (about.x - view.x) * ratio;
  const y = about.y - (about.y - view.y) * ratio;
  return clamp({ ...view, scale, x, y }, page, viewport);
}

/** A point of the page, in page pixels, after rotation. @param {number} x @param {number} y
 * @param {Size} page @param {number} rotation @returns {[number, number]} */
export function rotatePoint(x, y, page, rotation) {
  switch (((rotation % 4) + 4) % 4) {
    case 1: return [page.height - y, x];
    case 2: return [page.width - x, page.height - y];
    case 3: return [y, page.width - x];
    default: return [x, y];
  }
}

/** The rectangle of a box in rotated page pixels. @param {Box} box @param {Size} page @param {number} rotation */
export function boxRect(box, page, rotation) {
  const [ax, ay] = rotatePoint(box[0] * page.width, box[1] * page.height, page, rotation);
  const [bx, by] = rotatePoint(box[2] * page.width, box[3] * page.height, page, rotation);
  return { x: Math.min(ax, bx), y: Math.min(ay, by), width: Math.abs(ax - bx), height: Math.abs(ay - by) };
}

/** Bring a box into view: large enough to read its line, with its surroundings; a scale set by the user is kept.
 * @param {View} view @param {Box} box @param {Size} page @param {Size} viewport @param {number | null} [chosen]
 * @returns {View} */
export function zoomToBox(view, box, page, viewport, chosen = null) {
  const rect = boxRect(box, page, view.rotation);
  const whole = fit(page, viewport, view.rotation).scale;
  const wide = (viewport.width * 0.45) / Math.max(rect.width, 1);
  const high = (viewport.height * 0.25) / Math.max(rect.height, 1);
  const near = Math.max(whole, Math.min(wide, high, CLOSEST, whole * 1.7));
  // instead of a scale slightly above fit-to-width: whole lines matter more
  const across = (viewport.width - 2 * MARGIN) / rotatedSize(page, view.rotation).width;
  const scale = clampScale(chosen ?? (across < near && near < across * 1.2 ? across : near));
  const x = viewport.width / 2 - (rect.x + rect.width / 2) * scale;
  const y = viewport.height / 2 - (rect.y + rect.height / 2) * scale;
  return clamp({ ...view, scale, x, y }, page, viewport);
}

/** Return a viewport point as page coordinates, 0..1. @param {{x: number, y: number}} point
 * @param {View} view @param {Size} page @returns {[number, number]} */
export function toPage(point, view, page) {
  const px = (point.x - view.x) / view.scale;
  const py = (point.y - view.y) / view.scale;
  const size = rotatedSize(page, view.rotation);
  const [x, y] = rotatePoint(px, py, size, 4 - (view.rotation % 4));
  const within = (/** @type {number} */ value) => Math.min(1, Math.max(0, value));
  return [within(x / page.width), within(y / page.height)];
}

/** The CSS transform of a view. @param {View} view @param {Size} page @returns {string} */
export function transform(view, page) {
  const { x, y, scale } = view;
  const rotation = ((view.rotation % 4) + 4) % 4;
  const [ox, oy] = rotatePoint(0, 0, page, rotation);
  return `translate(${x + ox * scale}px, ${y + oy * scale}px) scale(${scale}) rotate(${rotation * 90}deg)`;
}
