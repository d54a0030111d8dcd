import { boundsOf, boxesMeet, passesNear, pointsOf } from "./stroke.js";

/**
 * What a mark is on the page, by its kind, in PDF user space:
 *   ink        geometry {scale, start, deltas}; style {color, width_pt, pen?: "marker"}
 *   highlight  geometry {quads: [[x1, y1, …, x4, y4]]}: upper left, upper right, lower left, lower right; style {color}
 *   note       geometry {point: [x, y]}; style {color}; its words are the mark's `body`
 */

/** Half of the sign of a note, in points: what a finger has to hit. */
const NOTE_HALF_PT = 9;

const shapes = new WeakMap();

/** The points or corners of a mark and the box around it, computed once. @returns {{bounds: number[], points?: Float64Array}} */
export function shapeOf(mark) {
  let shape = shapes.get(mark.geometry);
  if (!shape) {
    shape = newShape(mark);
    shapes.set(mark.geometry, shape);
  }
  return shape;
}

function newShape({ kind, geometry, style }) {
  if (kind === "highlight") return { bounds: boundsOf(geometry.quads.flat()) };
  if (kind === "note") return { bounds: boundsOf(geometry.point, NOTE_HALF_PT) };
  const points = pointsOf(geometry);
  return { points, bounds: boundsOf(points, (style.width_pt ?? 1) / 2) };
}

/** Is the mark within `reach` points of (x, y)? */
export function touches(mark, x, y, reach) {
  const { bounds, points } = shapeOf(mark);
  if (!boxesMeet(bounds, [x - reach, y - reach, x + reach, y + reach])) return false;
  if (mark.kind === "highlight") return mark.geometry.quads.some((quad) => isInside(quad, x, y));
  if (mark.kind === "note") return true;
  return passesNear(points, x, y, reach + (mark.style.width_pt ?? 1) / 2);
}

/** Does it lie under the ink, so that print and writing show through? */
export function liesUnder({ kind, style }) {
  return kind === "highlight" || style?.pen === "marker";
}

/** What two copies of one mark have in common. */
export function likeness({ kind, geometry, body }) {
  if (kind === "highlight") return `highlight ${geometry.quads.join()}`;
  if (kind === "note") return `note ${geometry.point.join()} ${body}`;
  return `${geometry.start.join()}|${geometry.deltas.join()}`;
}

/** The corners of a quad in the order in which a pen goes round them. */
export function around([x1, y1, x2, y2, x3, y3, x4, y4]) {
  return [
    [x1, y1],
    [x2, y2],
    [x4, y4],
    [x3, y3],
  ];
}

function isInside(quad, x, y) {
  const corners = around(quad);
  const sides = corners.map(([x0, y0], i) => {
    const [x1, y1] = corners[(i + 1) % 4];
    return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0);
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}
