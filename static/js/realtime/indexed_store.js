// IndexedDB behind the few words of `models/store_layout.js`. Safari drops the connection of a page in the background:
// then it is opened again and the same is tried once more.

import { LAYOUT, LAYOUT_VERSION } from "../models/store_layout.js";

// Some Safari versions never answer an open; waiting for ever would mean that nothing is sent at all.
const OPEN_PATIENCE_MS = 3000;

export class IndexedStore {
  #name;
  #factory;
  /** @type {Promise<IDBDatabase>|null} */
  #database = null;

  /**
   * @param {string} name
   * @param {IDBFactory} factory
   */
  constructor(name, factory) {
    this.#name = name;
    this.#factory = factory;
  }

  /** All steps in one transaction, or none of them. */
  async write(steps) {
    const stores = [...new Set(steps.map((step) => step.store))];
    await this.#twice(async (isSecondTry) => {
      try {
        await this.#transaction(stores, "readwrite", (transaction) => steps.forEach((step) => applyStep(transaction, step)));
      } catch (error) {
        // The first try had been stored after all; only its answer was lost with the connection.
        if (!isSecondTry || error?.name !== "ConstraintError") throw error;
      }
    });
  }

  async get(store, key) {
    return this.#read(store, (objects) => objects.get(key));
  }

  async all(store, { index, equals, limit } = {}) {
    return this.#read(store, (objects) => (index ? objects.index(index).getAll(equals, limit) : objects.getAll(null, limit)));
  }

  async count(store, { index, equals } = {}) {
    return this.#read(store, (objects) => (index ? objects.index(index).count(equals) : objects.count()));
  }

  #read(store, ask) {
    return this.#twice(() => {
      let request;
      return this.#transaction([store], "readonly", (transaction) => {
        request = ask(transaction.objectStore(store));
      }).then(() => request.result);
    });
  }

  async #twice(work) {
    try {
      return await work(false);
    } catch {
      this.#close();
      return work(true);
    }
  }

  async #transaction(stores, mode, work) {
    const database = await (this.#database ??= this.#open());
    const transaction = database.transaction(stores, mode);
    const finished = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    });
    try {
      work(transaction);
    } catch (error) {
      finished.catch(() => {});
      transaction.abort();
      throw error;
    }
    await finished;
  }

  #open() {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("the device's database does not open")), OPEN_PATIENCE_MS);
      const request = this.#factory.open(this.#name, LAYOUT_VERSION);
      request.onupgradeneeded = () => layOut(request.result);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        clearTimeout(late);
        resolve(this.#watch(request.result));
      };
    });
  }

  #watch(database) {
    const gone = () => {
      database.close();
      this.#database = null;
    };
    database.onclose = gone;
    database.onversionchange = gone;
    return database;
  }

  #close() {
    this.#database?.then((database) => database.close()).catch(() => {});
    this.#database = null;
  }
}

function layOut(database) {
  for (const [store, { keyPath, autoIncrement = false, indexes }] of Object.entries(LAYOUT)) {
    const objects = database.createObjectStore(store, { keyPath, autoIncrement });
    for (const [index, { unique = false }] of Object.entries(indexes)) objects.createIndex(index, index, { unique });
  }
}

function applyStep(transaction, step) {
  const objects = transaction.objectStore(step.store);
  if ("delete" in step) objects.delete(step.delete);
  else if ("add" in step) objects.add(step.add);
  else objects.put(step.put);
}
