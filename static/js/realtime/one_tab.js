// Of several tabs of one person, one holds the line and sends what waits in the outbox. It is chosen by a Web Lock; a tab
// that is not chosen may take the lock away, because iPads put tabs to sleep together with the locks they hold.

export class OneTab {
  #name;
  #locks;
  #onChosen;
  #onReplaced;
  /** @type {AbortController|null} */
  #waiting = null;
  #isTaking = false;
  isChosen = false;

  /**
   * @param {string} name
   * @param {LockManager|null} locks without locks every tab is on its own; operations are idempotent
   * @param {() => void} onChosen
   * @param {() => void} onReplaced another tab took over
   */
  constructor(name, locks, onChosen, onReplaced) {
    this.#name = name;
    this.#locks = locks;
    this.#onChosen = onChosen;
    this.#onReplaced = onReplaced;
  }

  start() {
    if (this.#locks) this.#wait();
    else this.#hold();
  }

  takeOver() {
    if (this.isChosen || this.#isTaking || !this.#locks) return;
    this.#waiting?.abort();
    this.#isTaking = true;
    this.#ask({ steal: true });
  }

  #wait() {
    this.#waiting = new AbortController();
    this.#ask({ signal: this.#waiting.signal });
  }

  #ask(options) {
    let wasGranted = false;
    const hold = () => {
      wasGranted = true;
      return this.#hold();
    };
    this.#locks.request(this.#name, options, hold).catch(() => {
      if (!wasGranted) return;
      this.isChosen = false;
      this.#wait(); // stand in line again
      this.#onReplaced();
    });
  }

  #hold() {
    this.#isTaking = false;
    this.isChosen = true;
    this.#onChosen();
    return new Promise(() => {}); // for as long as the page lives
  }
}
