import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "../../static/js/models/memory_store.js";
import { FakeServer, FakeTime, openLiveTab, openTab, settle } from "./fakes.js";

const DAY_MS = 24 * 3600 * 1000;

async function rowsOf(store) {
  return (await store.all("outbox")).map(({ op, state }) => ({ op, state }));
}

function opsSent(server) {
  return server.heardOf("op").map((frame) => frame.ops.map((operation) => operation.op));
}

test("an operation is on the device before it is on the wire", async () => {
  const time = new FakeTime();
  const server = new FakeServer(time);
  const store = new MemoryStore();
  const seen = [];
  const hear = server.hear.bind(server);
  server.hear = (frame, line) => {
    if (frame.t === "op") store.count("outbox", { index: "state", equals: "waiting" }).then((count) => seen.push(count));
    hear(frame, line);
  };
  const { connection } = await openLiveTab({ time, server, store });
  await connection.perform("check_in", { meeting: "m1" });
  assert.deepEqual(seen, [1]);
  assert.deepEqual([...server.applied.values()], [{ t: "check_in", meeting: "m1" }]);
});

test("the mark and its operation are written together", async () => {
  const time = new FakeTime();
  const store = new MemoryStore();
  const transactions = [];
  const write = store.write.bind(store);
  store.write = (steps) => {
    transactions.push(steps.map((step) => step.store));
    return write(steps);
  };
  const { connection } = await openLiveTab({ time, store });
  await connection.perform("make_mark", { id: "k" }, { alsoStore: { store: "marks", value: { id: "k", version: "v" } } });
  assert.deepEqual(transactions[0], ["outbox", "marks"]);
  assert.deepEqual(await connection.store.all("marks", { index: "version", equals: "v" }), [{ id: "k", version: "v" }]);
});

test("the answer of the ack is the answer of perform, and everybody who listens hears it", async () => {
  const { connection } = await openLiveTab();
  const outcomes = [];
  const stop = connection.performed((outcome) => outcomes.push(outcome));
  assert.deepEqual(await connection.perform("cast_ballot", { poll: 7, choice: "for" }), { order: 0 });
  assert.equal(outcomes.length, 1);
  assert.deepEqual(outcomes[0].payload, { poll: 7, choice: "for" });
  assert.equal(connection.pending, 0);
  stop();
  await connection.perform("cast_ballot", { poll: 8, choice: "for" });
  assert.equal(outcomes.length, 1);
});

test("a lost ack: the same operation is sent again under the same id and applied once", async () => {
  const { server, connection, time } = await openLiveTab();
  server.losesAcks = true;
  const done = connection.perform("cast_ballot", { poll: 7, choice: "for" });
  await settle();
  assert.equal(connection.pending, 1);
  server.losesAcks = false;
  server.socket.drop();
  await time.pass(500);
  assert.deepEqual(await done, { order: 0 });
  const [[first], [second]] = opsSent(server);
  assert.equal(first, second);
  assert.equal(server.applied.size, 1);
  assert.equal(connection.pending, 0);
});

test("an answer that never comes on a living line is asked for again", async () => {
  const { server, connection, time } = await openLiveTab();
  server.losesAcks = true;
  const done = connection.perform("check_in", {});
  await settle();
  server.losesAcks = false;
  await time.pass(30000);
  assert.deepEqual(await done, { order: 0 });
});

test("busy is tried again until it is taken, in the old order", async () => {
  const { server, connection, time } = await openLiveTab();
  server.busyTimes = 3;
  const done = [connection.perform("make_mark", { id: 1 }), connection.perform("erase_mark", { id: 1 })];
  await time.pass(10000);
  await Promise.all(done);
  assert.deepEqual([...server.applied.values()].map(({ t }) => t), ["make_mark", "erase_mark"]);
});

test("a refusal is told with its reason and stays until it is dismissed, also after a reload", async () => {
  const store = new MemoryStore();
  const { server, connection, time } = await openLiveTab({ store });
  server.refuses = /cast_ballot/;
  await assert.rejects(connection.perform("cast_ballot", { poll: 7 }), { code: "closed", text: "Đã đóng." });
  assert.equal(connection.pending, 0);
  const { connection: reloaded } = await openLiveTab({ server, time, store });
  const [refused] = await reloaded.refused();
  assert.deepEqual([refused.type, refused.refusal.code], ["cast_ballot", "closed"]);
  await reloaded.dismiss(refused.op);
  assert.deepEqual(await reloaded.refused(), []);
  assert.equal(opsSent(server).length, 1);
});

test("one refused operation lets the others stand", async () => {
  const { server, connection } = await openLiveTab();
  server.refuses = /cast_ballot/;
  const refused = connection.perform("cast_ballot", {});
  const accepted = connection.perform("check_in", {});
  await assert.rejects(refused);
  assert.deepEqual(await accepted, { order: 0 });
});

test("what was done offline survives a reload and is sent in the order in which it was done", async () => {
  const time = new FakeTime();
  const server = new FakeServer(time);
  const store = new MemoryStore();
  server.postsWork = server.opensSockets = false;
  const { connection } = await openLiveTab({ time, server, store });
  for (let id = 0; id < 40; id++) connection.perform("make_mark", { id });
  await settle();
  assert.equal(connection.pending, 40);
  const reloaded = openTab({ time, server, store });
  const outcomes = [];
  reloaded.connection.performed((outcome) => outcomes.push(outcome.payload.id));
  server.postsWork = server.opensSockets = true;
  reloaded.start();
  await settle();
  const inOrder = Array.from({ length: 40 }, (_, id) => id);
  assert.deepEqual([...server.applied.values()].map(({ id }) => id), inOrder);
  assert.deepEqual(outcomes, inOrder);
  assert.equal(reloaded.connection.pending, 0);
});

test("at most 50 operations and 64 KB go in one frame", async () => {
  const { server, connection, tab, time } = await openLiveTab();
  tab.goOffline();
  for (let id = 0; id < 60; id++) connection.perform("make_mark", { id });
  for (let id = 60; id < 63; id++) connection.perform("make_mark", { id, geometry: "x".repeat(30000) });
  await settle();
  tab.wake();
  await time.pass(100);
  assert.deepEqual(server.heardOf("op").map((frame) => frame.ops.length), [50, 12, 1]);
  for (const frame of server.heardOf("op")) assert.ok(JSON.stringify(frame).length <= 64 * 1024);
});

test("an operation that fits into no frame is refused here and blocks nothing", async () => {
  const { connection } = await openLiveTab();
  const huge = connection.perform("make_mark", { geometry: "x".repeat(70000) });
  const small = connection.perform("check_in", {});
  await assert.rejects(huge, { code: "too_large" });
  assert.deepEqual(await small, { order: 0 });
});

test("after a restored backup what was acknowledged is offered again, once", async () => {
  const store = new MemoryStore();
  const { server, connection, time, tab } = await openLiveTab({ store });
  connection.listen("ink:v1:shared:m1", {});
  await settle();
  await connection.perform("make_mark", { id: "k" });
  await time.pass(1000);
  server.applied.clear();
  server.streams["ink:v1:shared:m1"] = { epoch: "e2", head: 0, entries: [] };
  server.socket.drop();
  await time.pass(1000);
  assert.deepEqual([...server.applied.values()], [{ t: "make_mark", id: "k" }]);
  const sent = opsSent(server).length;
  server.socket.drop();
  await time.pass(1000);
  assert.equal(opsSent(server).length, sent);
  assert.equal(tab.connection.pending, 0);
});

test("a stream looked at later that is new too makes nothing be offered a second time", async () => {
  const store = new MemoryStore();
  const { server, connection, time } = await openLiveTab({ store });
  connection.listen("room:m1:floor", {});
  const stop = connection.listen("ink:v1:shared:m1", {});
  await settle();
  await connection.perform("make_mark", { id: "k" });
  stop();
  for (const name of Object.keys(server.streams)) server.streams[name] = { epoch: "e2", head: 0, entries: [] };
  await time.pass(1000);
  server.socket.drop();
  await time.pass(1000);
  assert.equal(opsSent(server).length, 2);
  connection.listen("ink:v1:shared:m1", {});
  await time.pass(1000);
  assert.equal(opsSent(server).length, 2);
});

test("a page loaded after the restore notices it too", async () => {
  const store = new MemoryStore();
  const { server, connection, time } = await openLiveTab({ store });
  connection.listen("room:m1:floor", {});
  await settle();
  await connection.perform("check_in", {});
  await time.pass(1000);
  server.applied.clear();
  server.streams["room:m1:floor"] = { epoch: "e2", head: 0, entries: [] };
  const reloaded = openTab({ server, time, store });
  reloaded.connection.listen("room:m1:floor", {});
  reloaded.start();
  await settle();
  assert.equal(server.applied.size, 1);
});

test("acknowledged operations are kept for seven days", async () => {
  const store = new MemoryStore();
  const { server, connection, time } = await openLiveTab({ store });
  await connection.perform("check_in", {});
  time.now += 6 * DAY_MS;
  await openLiveTab({ server, time, store });
  assert.deepEqual((await rowsOf(store)).map(({ state }) => state), ["acknowledged"]);
  time.now += 2 * DAY_MS;
  await openLiveTab({ server, time, store });
  assert.deepEqual(await rowsOf(store), []);
});

for (const way of ["socket", "sync"]) {
  test(`what one person did is never sent in the name of another who logged in since (${way})`, async () => {
    const time = new FakeTime();
    const server = new FakeServer(time);
    server.opensSockets = way === "socket";
    const { connection, tab } = await openLiveTab({ time, server });
    await time.pass(10000);
    assert.equal(connection.way, way);
    const left = [];
    connection.addEventListener("leave", (event) => left.push(event.detail.code));
    server.principal = "person:3";
    tab.goOffline();
    time.now += 700000; // the old ticket has run out
    connection.perform("cast_ballot", { poll: 7, choice: "for" });
    await settle();
    tab.wake();
    await time.pass(30000);
    assert.deepEqual(opsSent(server), []);
    assert.deepEqual(left, ["other_person"]);
    assert.equal(connection.pending, 1);
  });
}
