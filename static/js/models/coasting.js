/** The paper goes on after the finger left it, and slows down: velocity halves about every 220 ms. */
const SLOWING_MS = 325;
export const STANDSTILL_PX_PER_MS = 0.02;
const FASTEST_PX_PER_MS = 6;

/** Way in px and remaining velocity after `elapsedMs`, from velocity v in px/ms. */
export function coast(v, elapsedMs) {
  const start = Math.max(-FASTEST_PX_PER_MS, Math.min(FASTEST_PX_PER_MS, v));
  const rest = Math.exp(-elapsedMs / SLOWING_MS);
  return { way: start * SLOWING_MS * (1 - rest), velocity: start * rest };
}
