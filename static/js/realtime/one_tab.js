// Of several tabs of one person, one sends what waits in the outbox. It is chosen by a Web Lock; a tab that is not
// chosen may take the lock away, because iPads put tabs to sleep together with the locks they hold.

export class OneTab {
  #name;
  #locks;
  #onChosen;
  /** @type {AbortController|null} */
  #waiting = null;
  isChosen = false;

  /**
   * @param {string} name
   * @param {LockManager|null} locks without locks every tab sends; operations are idempotent
   * @param {() => void} onChosen
   */
  constructor(name, locks, onChosen) {
    this.#name = name;
    this.#locks = locks;
    this.#onChosen = onChosen;
  }

  start() {
    if (this.#locks) this.#wait();
    else this.#hold();
  }

  takeOver() {
    if (this.isChosen || !this.#locks) return;
    this.#waiting?.abort();
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
      // Another tab took over. Stand in line again.
      this.isChosen = false;
      this.#wait();
    });
  }

  #hold() {
    this.isChosen = true;
    this.#onChosen();
    return new Promise(() => {}); // for as long as the page lives
  }
}
