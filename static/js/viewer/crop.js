// Enlarged crop of the page for the focused field, drawn from the page image.

const LINE = 0.0135; // of the page's height: a line of ordinary print
const READABLE = 26; // target height of such a line in CSS pixels
const HEIGHTS = [76, 132];

/** Return the scale: the value fits the canvas, and ordinary print is large enough to read at a glance.
 * @param {number} wide @param {number} high of the box, page pixels @param {number} pageHeight @param {number} room
 * @returns {number} CSS pixels a page pixel */
export function cropScale(wide, high, pageHeight, room) {
  return Math.min(READABLE / (pageHeight * LINE), (room * 0.94) / Math.max(wide, 1), (HEIGHTS[1] * 0.8) / Math.max(high, 1));
}

/** Return the part of the page around a box that fits `room` x `tall` CSS pixels, in page pixels.
 * @param {number[]} bbox @param {{width: number, height: number}} page @param {{width: number, height: number}} size */
export function cropRect([x0, y0, x1, y1], page, size) {
  const width = Math.min(size.width, page.width);
  const height = Math.min(size.height, page.height);
  const within = (/** @type {number} */ at, /** @type {number} */ length, /** @type {number} */ room) =>
    Math.min(Math.max(0, at), room - length);
  const x = within(((x0 + x1) / 2) * page.width - width / 2, width, page.width);
  const y = within(((y0 + y1) / 2) * page.height - height / 2, height, page.height);
  return { x, y, width, height };
}

/**
 * Draw the crop for a box into a canvas as wide as its container.
 * @param {HTMLCanvasElement} canvas @param {HTMLImageElement} image @param {number[]} bbox 0..1
 */
export function drawCrop(canvas, image, bbox) {
  const page = { width: image.naturalWidth, height: image.naturalHeight };
  const wide = canvas.clientWidth || 320;
  const high = (bbox[3] - bbox[1]) * page.height;
  const enlarge = cropScale((bbox[2] - bbox[0]) * page.width, high, page.height, wide);
  const tall = Math.min(HEIGHTS[1], Math.max(HEIGHTS[0], high * enlarge * 1.25));
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(wide * ratio);
  canvas.height = Math.round(tall * ratio);
  const part = cropRect(bbox, page, { width: wide / enlarge, height: tall / enlarge });
  const scale = enlarge * ratio;
  const left = (canvas.width - part.width * scale) / 2;
  const top = (canvas.height - part.height * scale) / 2;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, part.x, part.y, part.width, part.height, left, top, part.width * scale, part.height * scale);
  frame(pen, bbox, page, part, { scale, left, top, ratio });
}

/** Mark the value, so that it is not confused with its neighbours.
 * @param {CanvasRenderingContext2D} pen @param {number[]} bbox @param {{width: number, height: number}} page
 * @param {{x: number, y: number}} part @param {{scale: number, left: number, top: number, ratio: number}} at */
function frame(pen, [x0, y0, x1, y1], page, part, { scale, left, top, ratio }) {
  const pad = 3 * ratio;
  pen.strokeStyle = getComputedStyle(pen.canvas).getPropertyValue("--box-focus") || "#4f46c8";
  pen.lineWidth = 1.5 * ratio;
  pen.strokeRect(
    left + (x0 * page.width - part.x) * scale - pad,
    top + (y0 * page.height - part.y) * scale - pad,
    (x1 - x0) * page.width * scale + 2 * pad,
    (y1 - y0) * page.height * scale + 2 * pad,
  );
}
