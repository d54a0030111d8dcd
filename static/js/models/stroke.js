/**
 * A stroke of ink in PDF user space. It travels as whole numbers of 1/50 point:
 *   geometry = {scale: 50, start: [x, y] in points, deltas: [dx, dy, dx, dy, …] in 1/50 point}
 * and, while it is being drawn, as the growing list of integers [x0, y0, dx, dy, …], all in 1/50 point.
 * @typedef {{scale: number, start: [number, number], deltas: number[]}} Geometry
 */

export const SCALE = 50;
/** The server takes 2000 points a stroke; the pen goes on in a second stroke well before. */
export const MOST_POINTS = 1900;
/** Closer points (1/50 pt) add bytes and no shape: 0.1 pt is under a quarter of a pixel at any usual zoom. */
const LEAST_STEP = 5;

/** Takes the points of a pen one by one and keeps them as integers, so that rounding never adds up. */
export class StrokeWriter {
  constructor() {
    /** @type {number[]} */
    this.ints = [];
    this.x = 0;
    this.y = 0;
  }

  get pointCount() {
    return this.ints.length / 2;
  }

  get isFull() {
    return this.pointCount >= MOST_POINTS;
  }

  /** Points of PDF user space. Answers false when the point lies where the last one was. */
  add(x, y) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
    const atX = Math.round(x * SCALE);
    const atY = Math.round(y * SCALE);
    const dx = atX - this.x;
    const dy = atY - this.y;
    if (this.ints.length && Math.abs(dx) < LEAST_STEP && Math.abs(dy) < LEAST_STEP) return false;
    this.ints.push(dx, dy);
    this.x = atX;
    this.y = atY;
    return true;
  }

  /** @returns {Geometry} */
  geometry() {
    return geometryOf(this.ints);
  }

  get points() {
    return pointsOfIntegers(this.ints);
  }
}

/** @param {number[]} ints @returns {Geometry} */
export function geometryOf(ints) {
  return { scale: SCALE, start: [ints[0] / SCALE, ints[1] / SCALE], deltas: ints.slice(2) };
}

/** Flat points [x0, y0, x1, y1, …] in PDF user space. @param {Geometry} geometry @returns {Float64Array} */
export function pointsOf({ scale = SCALE, start, deltas }) {
  const points = new Float64Array(deltas.length + 2);
  // Summed as integers: the last point of a long stroke is as exact as the first.
  let x = Math.round(start[0] * scale);
  let y = Math.round(start[1] * scale);
  points[0] = x / scale;
  points[1] = y / scale;
  for (let i = 0; i + 1 < deltas.length; i += 2) {
    x += deltas[i];
    y += deltas[i + 1];
    points[i + 2] = x / scale;
    points[i + 3] = y / scale;
  }
  return points;
}

/** @param {number[]} ints @returns {Float64Array} */
export function pointsOfIntegers(ints) {
  return ints.length < 2 ? new Float64Array(0) : pointsOf(geometryOf(ints));
}

/**
 * Draws the points into anything with moveTo, lineTo and quadraticCurveTo (a Path2D, a test's notebook).
 * Curves run through the middles of the segments: smooth at every zoom without more points.
 */
export function trace(points, path) {
  const count = points.length / 2;
  if (count < 1) return path;
  path.moveTo(points[0], points[1]);
  if (count === 1) {
    path.lineTo(points[0] + 0.01, points[1]); // a dot: round caps need a direction
    return path;
  }
  for (let i = 1; i < count - 1; i += 1) {
    const x = points[2 * i];
    const y = points[2 * i + 1];
    path.quadraticCurveTo(x, y, (x + points[2 * i + 2]) / 2, (y + points[2 * i + 3]) / 2);
  }
  path.lineTo(points[2 * count - 2], points[2 * count - 1]);
  return path;
}

/** The box [x0, y0, x1, y1] around the points, `margin` wider on every side. */
export function boundsOf(points, margin = 0) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    x0 = Math.min(x0, points[i]);
    x1 = Math.max(x1, points[i]);
    y0 = Math.min(y0, points[i + 1]);
    y1 = Math.max(y1, points[i + 1]);
  }
  return [x0 - margin, y0 - margin, x1 + margin, y1 + margin];
}

export function boxesMeet(one, other) {
  return one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];
}

/** Does the line through the points pass within `reach` of (x, y)? */
export function passesNear(points, x, y, reach) {
  const limit = reach * reach;
  if (points.length === 2) return squaredDistance(points[0], points[1], points[0], points[1], x, y) <= limit;
  for (let i = 0; i + 3 < points.length; i += 2) {
    if (squaredDistance(points[i], points[i + 1], points[i + 2], points[i + 3], x, y) <= limit) return true;
  }
  return false;
}

/** The way from one point to the next in steps no longer than `step`, its end included: a quick eraser skips nothing. */
export function stepsBetween(from, to, step) {
  const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / step));
  return Array.from({ length: count }, (_, i) => ({
    x: from.x + ((to.x - from.x) * (i + 1)) / count,
    y: from.y + ((to.y - from.y) * (i + 1)) / count,
  }));
}

function squaredDistance(x0, y0, x1, y1, x, y) {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length)) : 0;
  const offX = x - (x0 + along * dx);
  const offY = y - (y0 + along * dy);
  return offX * offX + offY * offY;
}
