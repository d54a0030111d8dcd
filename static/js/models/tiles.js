/**
 * Which parts of a page are drawn anew when a member has zoomed in further than the image of the whole page is sharp.
 *
 * A level is the page drawn so many pixels wide, cut into squares; the server says which there are, how large they are
 * and how large a square is: `levels` {"3600": [3600, 5094], …}, `tile_px`.
 *
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 * @typedef {{level: number, column: number, row: number, left: number, top: number, width: number, height: number}} Tile
 *   its box in hundredths of the page, so that it stays in its place while the page is laid out anew
 */

import { STRETCH } from "./pages.js";

/** Decoded tiles at the same time, whatever lies in sight: 512 px wide they take a megabyte each. */
export const MOST_TILES = 64;

/**
 * The smallest level that is sharp enough, the largest where none is; null where the image of the whole page will do.
 * @param {{tiers: Object<string, number[]>, levels?: Object<string, number[]>}} facts of the page
 */
export function levelFor(facts, cssWidth, pixelRatio) {
  const wanted = cssWidth * pixelRatio;
  const isSharp = ([, [width]]) => width * STRETCH >= wanted;
  const levels = Object.entries(facts.levels ?? {});
  if (!levels.length || Object.entries(facts.tiers).some(isSharp)) return null;
  return Number((levels.find(isSharp) ?? levels.at(-1))[0]);
}

/**
 * The part of a page that is in the window, in CSS px from the page's corner; of no size where none is.
 * @param {Box} place of the page in its column @param {{left: number, top: number, box: Box}} window and where it stands
 * @returns {Box}
 */
export function seenOn(place, { left, top, box }) {
  const x0 = Math.max(0, left - place.left);
  const y0 = Math.max(0, top - place.top);
  const x1 = Math.min(place.width, left + box.width - place.left);
  const y1 = Math.min(place.height, top + box.height - place.top);
  return { left: x0, top: y0, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0) };
}

/**
 * The tiles of a level that lie in sight, those in the middle first, `most` of them.
 * @param {number[]} size of the level: [width, height] in its pixels
 * @param {{width: number, height: number}} page @param {Box} seen both in CSS px, seen relative to the page
 * @returns {Tile[]}
 */
export function tilesInSight(level, size, tilePx, page, seen, most = MOST_TILES) {
  if (seen.width <= 0 || seen.height <= 0) return [];
  const scale = size[0] / page.width;
  const [firstColumn, lastColumn] = span(seen.left, seen.width, scale, tilePx, size[0]);
  const [firstRow, lastRow] = span(seen.top, seen.height, scale, tilePx, size[1]);
  const middle = { x: ((seen.left + seen.width / 2) * scale) / tilePx, y: ((seen.top + seen.height / 2) * scale) / tilePx };
  const found = [];
  for (let row = firstRow; row <= lastRow; row += 1) {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      found.push({ ...tileAt(level, size, tilePx, column, row), far: Math.hypot(column + 0.5 - middle.x, row + 0.5 - middle.y) });
    }
  }
  found.sort((one, other) => one.far - other.far);
  return found.slice(0, most).map(({ far, ...tile }) => tile);
}

/**
 * Tiles beside each other, which are asked for and drawn together; the row of the first tile first.
 * @param {Tile[]} tiles @returns {Tile[][]}
 */
export function rowsOf(tiles) {
  const rows = new Map();
  for (const tile of tiles) rows.set(tile.row, [...(rows.get(tile.row) ?? []), tile]);
  return [...rows.values()];
}

/** First and last tile along one direction. */
function span(begin, length, scale, tilePx, whole) {
  const last = Math.ceil(whole / tilePx) - 1;
  const first = Math.floor((begin * scale) / tilePx);
  const end = Math.ceil(((begin + length) * scale) / tilePx) - 1;
  return [Math.min(last, Math.max(0, first)), Math.max(0, Math.min(last, end))];
}

function tileAt(level, [width, height], tilePx, column, row) {
  const [left, top] = [column * tilePx, row * tilePx];
  return {
    level,
    column,
    row,
    left: (left / width) * 100,
    top: (top / height) * 100,
    width: (Math.min(tilePx, width - left) / width) * 100,
    height: (Math.min(tilePx, height - top) / height) * 100,
  };
}

export function nameOf({ level, column, row }) {
  return `${level}/${column}-${row}`;
}
