/**
 * What is fetched, a few at a time: the most urgent first, and while that is under way nothing less urgent begins, for it
 * would take its share of the line.
 *
 * @typedef {{urgency: number, signal?: AbortSignal}} Want 0 is the most urgent; it may become another while it waits or runs
 */
export class UrgentFirst {
  /** @type {{want: Want, run: () => Promise<void>}[]} */
  #waiting = [];
  /** @type {Set<Want>} */
  #running = new Set();

  /** @param {number} atOnce */
  constructor(atOnce) {
    this.atOnce = atOnce;
  }

  /** @param {Want} want @param {() => Promise<void>} run never rejects */
  add(want, run) {
    this.#waiting.push({ want, run });
    this.next();
  }

  /** Begins what may begin: to be called also when a want became more or less urgent. */
  next() {
    this.#waiting = this.#waiting.filter(({ want }) => !want.signal?.aborted);
    while (this.#running.size < this.atOnce) {
      const urgency = Math.min(...this.#waiting.map(({ want }) => want.urgency));
      if (!this.#waiting.length || [...this.#running].some((want) => want.urgency < urgency)) return;
      const [job] = this.#waiting.splice(this.#waiting.findIndex(({ want }) => want.urgency === urgency), 1);
      this.#running.add(job.want);
      job.run().finally(() => {
        this.#running.delete(job.want);
        this.next();
      });
    }
  }
}
