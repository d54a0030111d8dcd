// What is kept on this device. When the device refuses (database dead, storage full), rows go to memory, the page says so
// ("saved" event), and they are moved to the device as soon as it takes them.

import { MemoryStore } from "../models/memory_store.js";
import { LAYOUT } from "../models/store_layout.js";

const TRY_DEVICE_AGAIN_AFTER_MS = 30000;

export class DeviceStore extends EventTarget {
  #device;
  #memory = new MemoryStore();
  #monotonic;
  /** @type {number|null} */
  #failedAt = null;
  #lastWrite = Promise.resolve();

  /**
   * @param {import("../models/store_layout.js").Store|null} device null where there is no database at all
   * @param {() => number} monotonic ms
   */
  constructor(device, monotonic) {
    super();
    this.#device = device;
    this.#monotonic = monotonic;
  }

  /** Whether everything that was written stands on the device. */
  get isSaved() {
    return this.#memory.isEmpty;
  }

  /** All steps in one transaction, or none of them. One after the other, so that nothing is written while rows move. */
  write(steps) {
    const written = this.#lastWrite.then(() => this.#writeNow(steps));
    this.#lastWrite = written.catch(() => {});
    return written;
  }

  async #writeNow(steps) {
    if (!this.isSaved) await this.#moveToDevice(); // first what is older
    const [inMemory, onDevice] = split(steps, (step) => this.#isInMemory(step));
    if (onDevice.length > 0 && !(await this.#tryDevice((device) => device.write(onDevice)))) {
      inMemory.push(...onDevice);
    }
    if (inMemory.length > 0) await this.#memory.write(inMemory);
    this.dispatchEvent(new Event("saved"));
  }

  async get(store, key) {
    if (this.#memory.has(store, key)) return this.#memory.get(store, key);
    return (await this.#tryDevice((device) => device.get(store, key)))?.answer;
  }

  async all(store, wanted = {}) {
    const onDevice = (await this.#tryDevice((device) => device.all(store, wanted)))?.answer ?? [];
    // What is in memory is newer: the device may have refused to replace its row.
    const current = onDevice.filter((row) => !this.#memory.has(store, row[LAYOUT[store].keyPath]));
    const rows = [...current, ...(await this.#memory.all(store, wanted))];
    return rows.slice(0, wanted.limit ?? rows.length);
  }

  async count(store, wanted) {
    if (!this.isSaved) return (await this.all(store, wanted)).length;
    return (await this.#tryDevice((device) => device.count(store, wanted)))?.answer ?? 0;
  }

  #isInMemory(step) {
    const { store } = step;
    const key = "delete" in step ? step.delete : step.put?.[LAYOUT[store].keyPath];
    return key !== undefined && this.#memory.has(store, key);
  }

  async #tryDevice(work) {
    if (!this.#device || this.#isResting()) return null;
    try {
      const answer = await work(this.#device);
      this.#failedAt = null;
      return { answer };
    } catch (error) {
      this.#failedAt = this.#monotonic();
      console.warn("Phiên: this device does not keep what is written", error);
      return null;
    }
  }

  /** A dead database may take seconds to say so; not before every stroke. */
  #isResting() {
    return this.#failedAt !== null && this.#monotonic() - this.#failedAt < TRY_DEVICE_AGAIN_AFTER_MS;
  }

  async #moveToDevice() {
    const steps = this.#memory.steps();
    if (await this.#tryDevice((device) => device.write(steps))) this.#memory.clear();
  }
}

function split(list, isLeft) {
  return [list.filter(isLeft), list.filter((each) => !isLeft(each))];
}
