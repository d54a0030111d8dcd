// Where a dragged line ends up among its siblings.

/**
 * @param {number} from its place now, from 1
 * @param {number} over the place of the line it was dropped on
 * @param {boolean} isAfter dropped on the lower half
 * @returns {number} its new place, from 1
 */
export function placeAfterDrop(from, over, isAfter) {
  const gap = isAfter ? over + 1 : over;
  return from < gap ? gap - 1 : gap;
}
