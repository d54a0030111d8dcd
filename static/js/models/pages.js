/**
 * Where the pages of a paper lie, one below the other, in CSS px. In a continuous column every page is as wide as the column,
 * whatever its own size, so that a landscape table does not shrink the letters of the text around it. As single pages each
 * has a screen of its own, on which it is seen whole, until one zooms in.
 *
 * @typedef {{number: number, width_pt: number, height_pt: number}} PageFacts
 * @typedef {{top: number, left: number, width: number, height: number, scale: number, begin: number, end: number}} Place
 *   begin, end: what one sees of the column with the page, its margins or the screen that it has for itself
 * @typedef {{places: Place[], width: number, height: number}} Layout
 */

export const GAP_PX = 12;
export const MARGIN_PX = 8;
/** On a wide desk screen a page of the full width would be taller than two screens and its letters huge. */
export const WIDEST_COLUMN_PX = 1180;
export const LEAST_ZOOM = 0.4;
export const MOST_ZOOM = 6;
/** Browsers lay nothing out farther down than 2^25 pixels of the screen, of which three may make one of these. */
const HIGHEST_SHEET_PX = 11e6;
/** A whole page that is let go of faster than this gives way to the next one. */
const SWIPE_PX_PER_MS = 0.3;
/** Widths of the page images the server renders. */
export const TIERS = [1600, 2400];
/** An image may be stretched by so much before the next tier is worth its bytes. */
export const STRETCH = 1.12;

/** As single pages where the height of a screen is given. @param {PageFacts[]} pages @param {number|null} screenHeight @returns {Layout} */
export function layOut(pages, viewportWidth, zoom = 1, screenHeight = null) {
  const column = Math.min(viewportWidth - 2 * MARGIN_PX, WIDEST_COLUMN_PX) * zoom;
  return screenHeight ? layOutSingle(pages, viewportWidth, column, screenHeight, zoom) : layOutColumn(pages, viewportWidth, column);
}

function layOutColumn(pages, viewportWidth, column) {
  const width = Math.max(viewportWidth, column + 2 * MARGIN_PX);
  const places = [];
  let top = MARGIN_PX;
  for (const page of pages) {
    const scale = column / page.width_pt;
    const height = page.height_pt * scale;
    places.push({ top, left: (width - column) / 2, width: column, height, scale, begin: top - MARGIN_PX, end: top + height + MARGIN_PX });
    top += height + GAP_PX;
  }
  return { places, width, height: Math.max(0, top - GAP_PX + MARGIN_PX) };
}

function layOutSingle(pages, viewportWidth, column, screenHeight, zoom) {
  const most = (screenHeight - 2 * MARGIN_PX) * zoom;
  const scales = pages.map((page) => Math.min(column / page.width_pt, most / page.height_pt));
  const widest = Math.max(0, ...pages.map((page, index) => page.width_pt * scales[index]));
  const width = Math.max(viewportWidth, widest + 2 * MARGIN_PX);
  const places = [];
  let begin = 0;
  pages.forEach((page, index) => {
    const scale = scales[index];
    const size = { width: page.width_pt * scale, height: page.height_pt * scale };
    const end = begin + Math.max(screenHeight, size.height + 2 * MARGIN_PX);
    const top = (begin + end - size.height) / 2;
    places.push({ top, left: (width - size.width) / 2, ...size, scale, begin, end });
    begin = end;
  });
  return { places, width, height: begin };
}

/** Index of the page at height y; above the first is the first, below the last the last. @param {Layout} layout */
export function pageAt({ places }, y) {
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (places[middle].begin + MARGIN_PX <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Indexes [first, last] of the pages in sight. */
export function visibleRange(layout, top, height) {
  const first = pageAt(layout, top);
  const hidden = layout.places[first].top + layout.places[first].height <= top;
  const reached = pageAt(layout, top + height - 1);
  const last = layout.places[reached].top >= top + height ? Math.max(first, reached - 1) : reached;
  return [Math.min(hidden ? first + 1 : first, last), last];
}

/** Index of the page a reader would say he is on: the one that crosses a line a third down the screen. */
export function currentIndex(layout, top, height) {
  if (top <= 0) return 0;
  if (top + height >= layout.height - 1) return layout.places.length - 1;
  return pageAt(layout, top + height / 3);
}

/** Indexes whose images are wanted, most urgent first: in sight, then the next ones, then the previous. */
export function wantedIndexes(layout, top, height, { ahead = 2, behind = 1 } = {}) {
  const [first, last] = visibleRange(layout, top, height);
  const wanted = [];
  for (let index = first; index <= last; index += 1) wanted.push(index);
  for (let step = 1; step <= Math.max(ahead, behind); step += 1) {
    if (step <= ahead && last + step < layout.places.length) wanted.push(last + step);
    if (step <= behind && first - step >= 0) wanted.push(first - step);
  }
  return wanted;
}

/**
 * Where "one page on" leads: to the lower part of a page of which only the upper is in sight, else to the next page.
 * Nothing of a page may be skipped because it is taller than the screen. direction is 1 or -1; answers a scroll top.
 */
export function turn(layout, top, height, direction) {
  const index = pageAt(layout, direction > 0 ? top + MARGIN_PX + 1 : top + height - MARGIN_PX - 1);
  const place = layout.places[index];
  const step = height * 0.9;
  if (direction > 0) {
    const hidden = place.top + place.height - (top + height);
    if (hidden > MARGIN_PX) return top + Math.min(step, hidden + MARGIN_PX);
    const next = layout.places[Math.min(index + 1, layout.places.length - 1)];
    return next.begin;
  }
  const hidden = top - place.top;
  if (hidden > MARGIN_PX) return Math.max(0, top - Math.min(step, hidden + MARGIN_PX));
  const previous = layout.places[Math.max(0, index - 1)];
  return Math.max(0, previous.end - height);
}

/** Is nothing of the page's own screen outside of the window? @param {Place} place @param {{width: number, height: number}} box */
export function isWholeIn(place, box) {
  return place.end - place.begin <= box.height + 1 && place.width + 2 * MARGIN_PX <= box.width + 1;
}

/** A scroll left that has something of the page in sight: in the middle where it is narrower than the window. */
export function besides(place, left, width) {
  if (place.width + 2 * MARGIN_PX <= width) return place.left + (place.width - width) / 2;
  return Math.max(place.left - MARGIN_PX, Math.min(place.left + place.width + MARGIN_PX - width, left));
}

/**
 * Which of the whole pages comes when the hand lets go: the one that was pushed, else the one of which more is seen.
 * @param {{x: number, y: number}} velocity in px/ms, of the paper under the finger
 */
export function pushedTo(layout, top, height, { x, y }) {
  const last = layout.places.length - 1;
  const middle = pageAt(layout, top + height / 2);
  if (Math.abs(x) > Math.max(SWIPE_PX_PER_MS, Math.abs(y))) return Math.max(0, Math.min(last, middle - Math.sign(x)));
  if (Math.abs(y) <= SWIPE_PX_PER_MS) return middle;
  return pageAt(layout, y < 0 ? top + height - 1 - MARGIN_PX : top + MARGIN_PX + 1);
}

/** The smallest tier that is sharp enough. */
export function tierFor(cssWidth, pixelRatio, tiers = TIERS) {
  const wanted = cssWidth * pixelRatio;
  return tiers.find((tier) => tier * STRETCH >= wanted) ?? tiers.at(-1);
}

/** A point of the paper that stays when the layout changes: {index, x, y} as fractions of that page. */
export function anchorAt(layout, x, y) {
  const index = pageAt(layout, y);
  const place = layout.places[index];
  return { index, x: (x - place.left) / place.width, y: (y - place.top) / place.height };
}

/** Where an anchor lies in a layout. */
export function positionOf(layout, anchor) {
  const place = layout.places[anchor.index];
  return { x: place.left + anchor.x * place.width, y: place.top + anchor.y * place.height };
}

/**
 * A single page is seen whole at 1, where it may be half as wide as a column or less. `height` is that of all pages at 1.
 */
export function clampZoom(zoom, { isSingle = false, height = 0 } = {}) {
  const [least, most] = isSingle ? [1, 2 * MOST_ZOOM] : [LEAST_ZOOM, MOST_ZOOM];
  return Math.max(least, Math.min(zoom, most, Math.max(1, HIGHEST_SHEET_PX / height)));
}

/** "12", " 12 ", "12/87" name page 12; anything else, or a page that is not there, names none. */
export function pageNamed(text, count) {
  const found = /^\s*(\d{1,5})\s*(?:\/.*)?$/.exec(text);
  if (!found) return null;
  const number = Number(found[1]);
  return number >= 1 && number <= count ? number : null;
}

/**
 * The part of a page that ink is drawn on: all of it while that stays under `mostPixels`, else the part in sight and
 * half as much again around it. Boxes {left, top, width, height} in CSS px, `seen` relative to the page.
 */
export function inkRegion(page, seen, pixelRatio, mostPixels) {
  const whole = { left: 0, top: 0, width: page.width, height: page.height };
  if (page.width * page.height * pixelRatio * pixelRatio <= mostPixels) return whole;
  const left = Math.max(0, Math.floor(seen.left - seen.width / 4));
  const top = Math.max(0, Math.floor(seen.top - seen.height / 4));
  const right = Math.min(page.width, Math.ceil(seen.left + seen.width * 1.25));
  const bottom = Math.min(page.height, Math.ceil(seen.top + seen.height * 1.25));
  return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

export function contains(outer, inner) {
  return (
    inner.left >= outer.left - 0.5 &&
    inner.top >= outer.top - 0.5 &&
    inner.left + inner.width <= outer.left + outer.width + 0.5 &&
    inner.top + inner.height <= outer.top + outer.height + 0.5
  );
}

/**
 * The column of text at x: [left, right] of all lines that overlap it, or null where there is none.
 * Lines are boxes [x0, y0, x1, y1] in view points.
 */
export function columnAt(lines, x) {
  const here = lines.filter(([x0, , x1]) => x0 <= x && x <= x1);
  if (!here.length) return null;
  // The usual line, not the widest: one heading across two columns must not join them.
  const widths = here.map(([x0, , x1]) => x1 - x0).sort((one, other) => one - other);
  const usual = widths[Math.floor((widths.length - 1) * 0.75)];
  const usualLines = here.filter(([x0, , x1]) => x1 - x0 <= usual * 1.15);
  return [Math.min(...usualLines.map((line) => line[0])), Math.max(...usualLines.map((line) => line[2]))];
}
