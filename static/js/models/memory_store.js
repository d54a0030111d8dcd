// A store that lives as long as the page: what is left when the device refuses to keep anything, and what tests use.

import { LAYOUT } from "./store_layout.js";

// Keys made here must stay above those the device's own store gives out, also after rows were moved there, so that the order
// of what was done is kept: hence the time, in microseconds.
const microseconds = () => Date.now() * 1000;

export class MemoryStore {
  /** @type {Record<string, Map<any, object>>} */
  #rows = Object.fromEntries(Object.keys(LAYOUT).map((store) => [store, new Map()]));
  #nextKey;

  constructor(firstKey = microseconds()) {
    this.#nextKey = firstKey;
  }

  get isEmpty() {
    return Object.values(this.#rows).every((rows) => rows.size === 0);
  }

  has(store, key) {
    return this.#rows[store].has(key);
  }

  /** @param {import("./store_layout.js").Step[]} steps */
  async write(steps) {
    for (const step of steps) {
      if ("delete" in step) this.#rows[step.store].delete(step.delete);
      else this.#keep(step.store, structuredClone(step.add ?? step.put));
    }
  }

  #keep(store, value) {
    const { keyPath, autoIncrement } = LAYOUT[store];
    if (autoIncrement && value[keyPath] === undefined) value[keyPath] = this.#nextKey++;
    if (value[keyPath] >= this.#nextKey) this.#nextKey = value[keyPath] + 1;
    this.#rows[store].set(value[keyPath], value);
  }

  async get(store, key) {
    return structuredClone(this.#rows[store].get(key));
  }

  async all(store, { index, equals, limit = Infinity } = {}) {
    const { keyPath } = LAYOUT[store];
    const wanted = [...this.#rows[store].values()].filter((row) => !index || row[index] === equals);
    wanted.sort((one, other) => (one[keyPath] < other[keyPath] ? -1 : 1));
    return structuredClone(wanted.slice(0, limit));
  }

  async count(store, wanted) {
    return (await this.all(store, wanted)).length;
  }

  /** @returns {import("./store_layout.js").Step[]} everything, as steps that write it into another store */
  steps() {
    return Object.entries(this.#rows).flatMap(([store, rows]) => [...rows.values()].map((row) => ({ store, put: row })));
  }

  clear() {
    for (const rows of Object.values(this.#rows)) rows.clear();
  }
}
