// Panels that have arrived but may not be shown yet, because someone is writing in the old one. The latest wins.

/** @typedef {{html: string, seq: number, epoch: string, isReset: boolean}} Arrival */

export class PanelShelf {
  /** @type {Map<object, Arrival>} */
  #waiting = new Map();

  /**
   * @param {object} wrapper
   * @param {Arrival} arrival
   * @param {{seq: number|null, epoch: string|null}} shown what the wrapper shows; null when it does not say
   * @returns {boolean} whether this is news for the wrapper
   */
  put(wrapper, arrival, shown) {
    const waiting = this.#waiting.get(wrapper);
    if (!isNews(arrival, shown) || (waiting && !isNews(arrival, waiting))) return false;
    this.#waiting.set(wrapper, arrival);
    return true;
  }

  /** @returns {Arrival|undefined} */
  take(wrapper) {
    const arrival = this.#waiting.get(wrapper);
    this.#waiting.delete(wrapper);
    return arrival;
  }

  get wrappers() {
    return [...this.#waiting.keys()];
  }
}

/** A reset is the word of the server over everything; otherwise a lower number of the same epoch is the past. */
function isNews(arrival, shown) {
  if (arrival.isReset || shown.seq === null) return true;
  if (shown.epoch !== null && shown.epoch !== arrival.epoch) return true;
  return arrival.seq >= shown.seq;
}
