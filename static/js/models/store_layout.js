// The database a person has on this device. A change of this layout needs a higher version and an upgrade that keeps the outbox.

export const LAYOUT_VERSION = 1;

/** @type {Record<string, {keyPath: string, autoIncrement?: boolean, indexes: Record<string, {unique?: boolean}>}>} */
export const LAYOUT = {
  // One row per operation, in the order in which they were done: waiting, acknowledged or refused.
  outbox: { keyPath: "n", autoIncrement: true, indexes: { op: { unique: true }, state: {} } },
  // Marks on papers as this device knows them.
  marks: { keyPath: "id", indexes: { version: {} } },
  // Small things worth keeping, such as the epoch in which a stream was last seen.
  facts: { keyPath: "id", indexes: {} },
};

/**
 * @typedef {{store: string, add: object} | {store: string, put: object} | {store: string, delete: any}} Step
 * @typedef {{index?: string, equals?: any, limit?: number}} Wanted
 * @typedef {{write(steps: Step[]): Promise<void>, get(store: string, key: any): Promise<any>,
 *   all(store: string, wanted?: Wanted): Promise<any[]>, count(store: string, wanted?: Wanted): Promise<number>}} Store
 */
