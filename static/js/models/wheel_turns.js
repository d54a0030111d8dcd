/**
 * When a wheel turns whole pages. A mouse tells its notches, a trackpad every few pixels, and goes on for a second after the
 * fingers have left, ever slower: one push is one page, and who goes on turning the wheel gets one page after the other.
 */

/** So far it goes for a page: less than any notch. */
const TURNS_AFTER_PX = 40;
/** After so long without a word of it a movement has ended. */
const PAUSE_MS = 140;
/** Pages do not follow each other faster, and only where it goes by notches or faster and faster, so often in a row. */
const [AGAIN_AFTER_MS, STEADY] = [250, 2];
const LINE_PX = 16;

export class WheelTurns {
  #way = 0;
  #movedAt = -Infinity;
  #turnedAt = -Infinity;
  #before = 0;
  #steady = 0;
  #waits = false;

  /**
   * @param {{deltaX: number, deltaY: number, deltaMode: number, timeStamp: number}} event @param {number} screenPx
   * @returns {-1|0|1} how many pages on
   */
  turn(event, screenPx) {
    const step = wayOf(event, screenPx);
    const { timeStamp: now } = event;
    if (now - this.#movedAt > PAUSE_MS) this.#begin();
    const isFirm = Math.abs(step) >= Math.max(Math.abs(this.#before), TURNS_AFTER_PX);
    this.#steady = isFirm ? this.#steady + 1 : 0;
    [this.#movedAt, this.#before] = [now, step];
    if (this.#waits && (now - this.#turnedAt < AGAIN_AFTER_MS || this.#steady < STEADY)) return 0;
    this.#way += step;
    if (Math.abs(this.#way) < TURNS_AFTER_PX) return 0;
    const direction = Math.sign(this.#way);
    this.#begin();
    this.#turnedAt = now;
    this.#waits = true;
    return direction;
  }

  #begin() {
    this.#way = this.#steady = this.#before = 0;
    this.#waits = false;
  }
}

/** How far the wheel went, in px, whatever it counts in: down or to the right where it went farther that way. */
export function wayOf({ deltaX = 0, deltaY, deltaMode }, screenPx = 800) {
  const unit = [1, LINE_PX, screenPx][deltaMode] ?? 1;
  return unit * (Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : deltaY);
}
