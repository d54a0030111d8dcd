import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "../../static/js/models/memory_store.js";
import { DeviceStore } from "../../static/js/realtime/device_store.js";

console.warn = () => {};

/** A device that keeps things until `isDead`. */
class Device extends MemoryStore {
  isDead = false;
  isFull = false;

  constructor() {
    super(1);
  }

  async write(steps) {
    if (this.isDead || this.isFull) throw new Error("Connection to Indexed Database server lost");
    return super.write(steps);
  }

  async all(store, wanted) {
    if (this.isDead) throw new Error("Connection to Indexed Database server lost");
    return super.all(store, wanted);
  }
}

function openStore() {
  const device = new Device();
  const clock = { now: 0 };
  return { device, clock, store: new DeviceStore(device, () => clock.now) };
}

const row = (op) => ({ op, state: "waiting" });
const opsOf = async (store) => (await store.all("outbox", { index: "state", equals: "waiting" })).map(({ op }) => op);

test("what the device keeps is saved", async () => {
  const { store, device } = openStore();
  await store.write([{ store: "outbox", add: row("a") }, { store: "marks", put: { id: "k", version: "v" } }]);
  assert.equal(store.isSaved, true);
  assert.equal(await device.count("outbox"), 1);
  assert.deepEqual(await store.get("marks", "k"), { id: "k", version: "v" });
});

test("when the device dies, what is written is kept in memory and the page is told", async () => {
  const { store, device } = openStore();
  const told = [];
  store.addEventListener("saved", () => told.push(store.isSaved));
  await store.write([{ store: "outbox", add: row("a") }]);
  device.isDead = true;
  await store.write([{ store: "outbox", add: row("b") }]);
  assert.deepEqual(told, [true, false]);
  assert.deepEqual(await opsOf(store), ["b"]);
});

test("what is in memory moves to the device as soon as it lives again, in the old order", async () => {
  const { store, device, clock } = openStore();
  await store.write([{ store: "outbox", add: row("a") }]);
  device.isDead = true;
  await store.write([{ store: "outbox", add: row("b") }]);
  device.isDead = false;
  clock.now = 30000;
  await store.write([{ store: "outbox", add: row("c") }]);
  assert.equal(store.isSaved, true);
  assert.deepEqual(await opsOf(device), ["a", "b", "c"]);
});

test("a row in memory is settled in memory", async () => {
  const { store, device } = openStore();
  device.isDead = true;
  await store.write([{ store: "outbox", add: row("a") }]);
  const [waiting] = await store.all("outbox");
  await store.write([{ store: "outbox", put: { ...waiting, state: "acknowledged" } }]);
  assert.deepEqual(await opsOf(store), []);
  assert.equal(await store.count("outbox"), 1);
});

test("a device that still reads but no longer writes does not bring back what has been settled", async () => {
  const { store, device, clock } = openStore();
  await store.write([{ store: "outbox", add: row("a") }]);
  const [waiting] = await store.all("outbox");
  device.isFull = true;
  await store.write([{ store: "outbox", put: { ...waiting, state: "acknowledged" } }]);
  clock.now = 30000; // it is asked again
  assert.deepEqual(await opsOf(store), []);
  assert.equal(await store.count("outbox", { index: "state", equals: "waiting" }), 0);
});

test("without any database everything still works for as long as the page lives", async () => {
  const store = new DeviceStore(null, () => 0);
  await store.write([{ store: "outbox", add: row("a") }]);
  assert.deepEqual(await opsOf(store), ["a"]);
  assert.equal(store.isSaved, false);
});
