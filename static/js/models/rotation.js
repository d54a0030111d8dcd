/**
 * A page that its reader has rotated, as one turns a sheet that lies on its side: by quarters to the right, 0 to 3. Rotated
 * are the facts of the page, its size and its one map; whatever lies by them then lies right: text, ink, what was found. Only
 * pictures are drawn as the file has the page, and are rotated as they are laid out.
 */

import { applyToBox, compose, inverse } from "./affine.js";

/** The map that rotates a sheet of this size, measured before; its corner stays at 0, 0. @returns {import("./affine.js").Affine} */
export function rotationOf(quarters, width, height) {
  if (quarters === 1) return [0, 1, -1, 0, height, 0];
  if (quarters === 2) return [-1, 0, 0, -1, width, height];
  if (quarters === 3) return [0, -1, 1, 0, 0, width];
  return [1, 0, 0, 1, 0, 0];
}

/**
 * @template {{width_pt: number, height_pt: number, matrix: import("./affine.js").Affine}} Facts
 * @param {Facts} facts of a page as the file has it @returns {Facts & {quarters: number}}
 */
export function rotated(facts, quarters) {
  const { width_pt: width, height_pt: height, matrix } = facts;
  const [width_pt, height_pt] = quarters % 2 ? [height, width] : [width, height];
  return { ...facts, quarters, width_pt, height_pt, matrix: compose(matrix, rotationOf(quarters, width, height)) };
}

/** The size that a rotated page had before. @param {{width: number, height: number}} page */
export function sizeBefore(quarters, { width, height }) {
  return quarters % 2 ? { width: height, height: width } : { width, height };
}

/**
 * A part of a rotated page as a part of it before.
 * @param {{left: number, top: number, width: number, height: number}} part @param {{width: number, height: number}} page rotated
 */
export function partBefore(quarters, { left, top, width, height }, page) {
  const before = sizeBefore(quarters, page);
  const back = inverse(rotationOf(quarters, before.width, before.height));
  const [x0, y0, x1, y1] = applyToBox(back, [left, top, left + width, top + height]);
  return { left: x0, top: y0, width: x1 - x0, height: y1 - y0 };
}

/** What is remembered of rotated pages, {"12": 1}, without what is no such thing. @returns {Map<number, number>} page -> quarters */
export function rotationsIn(remembered) {
  const entries = Object.entries(remembered ?? {}).map(([page, quarters]) => [Number(page), quarters]);
  return new Map(entries.filter(([page, quarters]) => page > 0 && [1, 2, 3].includes(quarters)));
}

/** A place on a page, in fractions of it, after so many quarters more. @param {{x: number, y: number}} place */
export function placeAfter(quarters, { x, y }) {
  const [nextX, nextY] = [[x, y], [1 - y, x], [1 - x, 1 - y], [y, 1 - x]][(quarters + 4) % 4];
  return { x: nextX, y: nextY };
}
