// Page images, fetched once and kept decoded: the stage, the crops and the next document share them.

/** @type {Map<string, Promise<HTMLImageElement>>} */
const kept = new Map();
const MOST = 24;

/** @param {string} url @returns {Promise<HTMLImageElement>} rejects when the image cannot be had */
export function pageImage(url) {
  let waiting = kept.get(url);
  if (!waiting) {
    waiting = load(url);
    waiting.catch(() => kept.delete(url));
    kept.set(url, waiting);
    if (kept.size > MOST) kept.delete(/** @type {string} */ (kept.keys().next().value));
  }
  return waiting;
}

/** @param {string} url */
async function load(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/** Fetch ahead; a failure is reported when the image is actually needed. @param {string | undefined} url */
export function warm(url) {
  if (url) pageImage(url).catch(() => undefined);
}
