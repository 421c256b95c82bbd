// Heat overlay: confidence of each word, shown by lightness, hatching and hue together.

const LEVELS = [
  { below: 0.5, fill: "rgb(196 38 38 / 0.34)", line: "rgb(120 8 8 / 0.85)", gap: 5 },
  { below: 0.8, fill: "rgb(226 138 24 / 0.28)", line: "rgb(138 72 0 / 0.7)", gap: 9 },
  { below: 0.95, fill: "rgb(242 204 60 / 0.26)", line: "rgb(130 100 0 / 0.4)", gap: 16 },
];

/** @param {number} confidence 0..1 @returns {number} index of the level, or -1 for a sure word */
export const heatLevel = (confidence) => LEVELS.findIndex((level) => confidence < level.below);

/** @param {{fill: string, line: string, gap: number}} level @param {CanvasRenderingContext2D} onto @param {number} unit */
function hatch({ fill, line, gap }, onto, unit) {
  const step = Math.max(3, Math.round(gap * unit));
  const tile = new OffscreenCanvas(step, step);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.fillStyle = fill;
  pen.fillRect(0, 0, step, step);
  pen.strokeStyle = line;
  pen.lineWidth = Math.max(1, unit);
  pen.beginPath();
  for (const shift of [-step, 0, step]) {
    pen.moveTo(shift, step);
    pen.lineTo(shift + step, 0);
  }
  pen.stroke();
  return /** @type {CanvasPattern} */ (onto.createPattern(tile, "repeat"));
}

/**
 * Paint the words of a page.
 * @param {HTMLCanvasElement} canvas @param {{width: number, height: number}} page
 * @param {{bbox: number[], confidence: number}[]} words
 */
export function paintHeat(canvas, page, words) {
  const shrink = Math.min(1, 1400 / Math.max(page.width, page.height));
  canvas.width = Math.round(page.width * shrink);
  canvas.height = Math.round(page.height * shrink);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const patterns = LEVELS.map((level) => hatch(level, pen, canvas.width / 900));
  for (const { bbox, confidence } of words) {
    const level = heatLevel(confidence);
    if (level < 0) continue;
    const [x0, y0, x1, y1] = bbox;
    pen.fillStyle = patterns[level];
    pen.fillRect(x0 * canvas.width, y0 * canvas.height, (x1 - x0) * canvas.width, (y1 - y0) * canvas.height);
  }
}
