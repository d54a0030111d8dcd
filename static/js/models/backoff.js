// How long to wait before trying again: growing, with full jitter, so that a room of tablets does not return in one blow.

export const FIRST_MS = 500;
export const GROWTH = 1.7;
export const CEILING_MS = 4000;

/**
 * @param {number} attempt 0 for the first wait
 * @param {() => number} random from 0 up to but not including 1
 * @returns {number} milliseconds
 */
export function waitBefore(attempt, random) {
  const longest = Math.min(CEILING_MS, FIRST_MS * GROWTH ** attempt);
  return Math.round(longest * random());
}
