/**
 * Affine maps as six numbers [a, b, c, d, e, f], the order of CSS and canvas:
 *   x' = a·x + c·y + e        y' = b·x + d·y + f
 * A page ships one such map, PDF user space (points, y up) to view (points, y down, rotated); nothing else converts.
 * @typedef {[number, number, number, number, number, number]} Affine
 */

/** @type {Affine} */
export const IDENTITY = [1, 0, 0, 1, 0, 0];

/** @param {Affine} m @returns {[number, number]} */
export function apply(m, x, y) {
  return [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]];
}

/** The map that does `first`, then `second`. @param {Affine} first @param {Affine} second @returns {Affine} */
export function compose(first, second) {
  const [a, b, c, d, e, f] = first;
  const [A, B, C, D, E, F] = second;
  return [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
}

/** @param {Affine} m @returns {Affine} */
export function inverse(m) {
  const [a, b, c, d, e, f] = m;
  const area = a * d - b * c;
  if (!area) throw new RangeError("This map has no inverse.");
  return [d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area];
}

/** @returns {Affine} */
export function scaling(factor) {
  return [factor, 0, 0, factor, 0, 0];
}

/** @returns {Affine} */
export function shift(x, y) {
  return [1, 0, 0, 1, x, y];
}

/** How much longer a length becomes (of a map without shear). @param {Affine} m */
export function enlargement(m) {
  return Math.hypot(m[0], m[1]);
}

/** The smallest upright box around the image of the box [x0, y0, x1, y1]. @param {Affine} m */
export function applyToBox(m, [x0, y0, x1, y1]) {
  const corners = [apply(m, x0, y0), apply(m, x1, y0), apply(m, x0, y1), apply(m, x1, y1)];
  const xs = corners.map((corner) => corner[0]);
  const ys = corners.map((corner) => corner[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
