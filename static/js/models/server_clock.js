// What time it is at the server. The tablet's own clock may be wrong by minutes and may be set while we look at it, so
// the server's answers are laid over the monotonic clock of the page.

const SAMPLES_KEPT = 8;

export class ServerClock {
  #monotonic;
  #offset;
  /** @type {{trip: number, offset: number}[]} */
  #samples = [];

  /**
   * @param {() => number} monotonic milliseconds that only ever go forward
   * @param {() => number} wallClock the tablet's own time, used until the server has spoken
   */
  constructor(monotonic, wallClock) {
    this.#monotonic = monotonic;
    this.#offset = wallClock() - monotonic();
  }

  /** A new line: what was measured before may be older than a sleep of the tablet, in which monotonic clocks stand still. */
  startAgain() {
    this.#samples = [];
  }

  /**
   * The answer with the shortest trip is the most honest one: only its trip can have hidden an error.
   * @param {number} serverNow ms
   * @param {number} sentAt monotonic ms at which the question left
   * @param {number} heardAt monotonic ms at which the answer came
   */
  sample(serverNow, sentAt, heardAt) {
    const offset = serverNow - (sentAt + heardAt) / 2;
    this.#samples = [...this.#samples, { trip: heardAt - sentAt, offset }].slice(-SAMPLES_KEPT);
    this.#offset = this.#samples.reduce((best, each) => (each.trip < best.trip ? each : best)).offset;
  }

  /** @returns {number} server time, ms since 1970 */
  now() {
    return this.#monotonic() + this.#offset;
  }
}
