import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "../../static/js/models/memory_store.js";
import { FakeChannels, FakeLocks, FakeServer, FakeTime, INK, listenTo, openLiveTab, openTab, settle } from "./fakes.js";

const ROOM = "room:m1:floor";

/** Two tabs of one person; the second was opened last, so it is the one looked at and leads. */
async function openTwoTabs() {
  const time = new FakeTime();
  const servers = [new FakeServer(time), new FakeServer(time)];
  servers[1].applied = servers[0].applied;
  servers[1].streams = servers[0].streams;
  const shared = { time, store: new MemoryStore(), locks: new FakeLocks(), channels: new FakeChannels() };
  const first = await openLiveTab({ ...shared, server: servers[0] });
  const second = await openLiveTab({ ...shared, server: servers[1], timeOrigin: -5000 });
  return { ...shared, servers, first, second };
}

function isOpen(server) {
  return server.socket !== null && !server.socket.isClosed;
}

test("two tabs have one socket, that of the tab looked at", async () => {
  const { servers, first, second } = await openTwoTabs();
  assert.deepEqual(servers.map(isOpen), [false, true]);
  assert.deepEqual([first, second].map(({ connection }) => [connection.status, connection.way]), [["live", "socket"], ["live", "socket"]]);
  assert.equal(first.connection.principal, "person:12");
});

test("a tab hears what it listens to through the other's socket, each entry once, from where it stood", async () => {
  const { servers, first, second } = await openTwoTabs();
  servers[1].publish(INK, "before");
  const seen = listenTo(first.connection);
  await settle();
  assert.deepEqual(seen.resets, [["before"]]);
  const other = listenTo(second.connection);
  await settle();
  servers[1].publish(INK, "a");
  servers[1].publish(INK, "b");
  await settle();
  assert.deepEqual([seen.entries, other.entries], [["a", "b"], ["a", "b"]]);
  assert.deepEqual(other.resets, [["before"]]);
});

test("what is the answer to another tab's question is not taken for one's own", async () => {
  const { servers, first, second } = await openTwoTabs();
  const [, server] = servers;
  const seen = listenTo(first.connection);
  listenTo(second.connection);
  await settle();
  server.publish(INK, "a");
  await settle();
  server.isSlowToListen = true;
  first.connection.askSince(INK, 0);
  await settle();
  server.publish(INK, "b"); // for the second tab alone: the first has said that it must begin earlier
  await settle();
  assert.deepEqual(seen.entries, ["a"]);
  server.listenAtLast();
  await settle();
  assert.deepEqual(seen.entries, ["a", "a", "b"]);
});

test("a stream is left when no tab listens to it any more", async () => {
  const { servers, first, second } = await openTwoTabs();
  const [one, other] = [listenTo(first.connection), listenTo(second.connection)];
  await settle();
  one.stop();
  await settle();
  assert.deepEqual(servers[1].heardOf("leave"), []);
  other.stop();
  await settle();
  assert.deepEqual(servers[1].heardOf("leave"), [{ t: "leave", streams: [INK] }]);
});

test("a tab that is closed takes its streams along", async () => {
  const { servers, first } = await openTwoTabs();
  listenTo(first.connection, ROOM);
  await settle();
  first.tab.gone.forEach((listener) => listener());
  await settle();
  assert.deepEqual(servers[1].heardOf("leave"), [{ t: "leave", streams: [ROOM] }]);
});

test("turning to the other tab brings its own socket, and nothing is missed on the way", async () => {
  const { servers, first, second } = await openTwoTabs();
  const seen = [listenTo(first.connection), listenTo(second.connection)];
  await settle();
  servers[1].publish(INK, "a");
  await settle();
  second.tab.turn(false);
  first.tab.turn(true);
  servers[1].publish(INK, "b");
  await settle();
  assert.deepEqual(servers.map(isOpen), [true, false]);
  servers[0].publish(INK, "c");
  await settle();
  assert.deepEqual(seen.map(({ entries }) => entries), [["a", "b", "c"], ["a", "b", "c"]]);
});

test("after a broken line every tab goes on where it stood", async () => {
  const { time, servers, first, second } = await openTwoTabs();
  const seen = [listenTo(first.connection), listenTo(second.connection, ROOM)];
  await settle();
  servers[1].isCut = true;
  servers[1].socket.drop();
  assert.equal(second.connection.status, "reconnecting");
  await settle();
  assert.equal(first.connection.status, "reconnecting");
  servers[1].publish(INK, "a");
  servers[1].publish(ROOM, "x");
  servers[1].isCut = false;
  await time.pass(6000);
  assert.deepEqual(seen.map(({ entries }) => entries), [["a"], ["x"]]);
  assert.equal(first.connection.status, "live");
});

test("ephemera of one tab are seen by the other and by everybody else", async () => {
  const { servers, first, second } = await openTwoTabs();
  const seen = [listenTo(first.connection), listenTo(second.connection)];
  await settle();
  assert.equal(first.connection.ephemeral(INK, "pointer", { x: 1 }), true);
  await settle();
  assert.deepEqual(servers[1].heardOf("ephemeral"), [{ x: 1, t: "ephemeral", s: INK, k: "pointer" }]);
  assert.deepEqual(seen.map(({ ephemera }) => ephemera), [[], [{ x: 1, k: "pointer", by: "person:12" }]]);
});

test("both tabs know the server's time, each by its own clock", async () => {
  const { time, servers, first, second } = await openTwoTabs();
  servers[1].clockAhead = 90000;
  servers[1].socket.drop();
  await time.pass(12000);
  assert.deepEqual([first.connection.now(), second.connection.now()], [time.now + 90000, time.now + 90000]);
});

test("of two tabs the leading one sends, and both hear the outcome", async () => {
  const { servers, first, second } = await openTwoTabs();
  const heard = [];
  second.connection.performed((outcome) => heard.push(outcome.type));
  assert.deepEqual(await first.connection.perform("check_in", {}), { order: 0 });
  await settle();
  assert.deepEqual(heard, ["check_in"]);
  assert.deepEqual(servers.map((server) => server.heardOf("op").length), [0, 1]);
  assert.deepEqual([first.connection.pending, second.connection.pending], [0, 0]);
});

test("what the leading tab had sent without an answer, the tab that takes over sends again", async () => {
  const { time, servers, first, second } = await openTwoTabs();
  servers[1].losesAcks = true;
  const done = second.connection.perform("check_in", {});
  await settle();
  second.tab.turn(false);
  first.tab.turn(true);
  await time.pass(1000);
  assert.deepEqual(await done, { order: 0 });
  assert.deepEqual(servers.map((server) => server.heardOf("op").length), [1, 1]);
});

test("a tab that sleeps with the lock in its hand loses it to the tab the person works in", async () => {
  const { time, servers, first, second } = await openTwoTabs();
  for (const channel of Object.values(second.tab.channels)) channel.isAsleep = true;
  const done = first.connection.perform("check_in", {});
  await time.pass(400);
  assert.deepEqual(await done, { order: 0 });
  assert.deepEqual(servers.map((server) => server.heardOf("op").length), [1, 0]);
});

test("a leader that is not heard any more is replaced by the tab looked at, and by none in the background", async () => {
  const { time, servers, first, second } = await openTwoTabs();
  first.tab.isVisible = false;
  second.connection.ephemeral = () => {};
  for (const channel of Object.values(second.tab.channels)) channel.postMessage = () => {};
  await time.pass(13000);
  assert.deepEqual(servers.map(isOpen), [false, true]);
  first.tab.turn(true);
  await settle();
  assert.deepEqual(servers.map(isOpen), [true, false]);
});

test("a tab in the background leaves the socket to the one looked at, and takes it when that one is closed", async () => {
  const { time, servers, store, locks, channels, first, second } = await openTwoTabs();
  first.tab.isVisible = false;
  const server = new FakeServer(time);
  const third = openTab({ time, store, locks, channels, server });
  third.tab = third;
  third.isVisible = false;
  third.start();
  await settle();
  assert.equal(isOpen(server), false);
  assert.equal(third.connection.status, "live");
  locks.release();
  await settle();
  assert.deepEqual([isOpen(servers[0]), isOpen(server)], [true, false]);
});

test("while frames go by POST every tab has a line of its own", async () => {
  const { time, servers, first, second } = await openTwoTabs();
  const seen = listenTo(first.connection);
  await settle();
  servers[1].opensSockets = false;
  servers[0].opensSockets = false;
  servers[1].socket.drop();
  await time.pass(30000);
  assert.deepEqual([first.connection.way, second.connection.way], ["sync", "sync"]);
  servers[0].publish(INK, "a");
  await time.pass(3000);
  assert.deepEqual(seen.entries, ["a"]);
  servers[1].opensSockets = true;
  await time.pass(10000);
  assert.deepEqual([first.connection.way, second.connection.way], ["socket", "socket"]);
  servers[1].publish(INK, "b");
  await settle();
  assert.deepEqual(seen.entries, ["a", "b"]);
});

test("more streams than one connection may hear: the tab too many has a line of its own", async () => {
  const { servers, first, second } = await openTwoTabs();
  for (let number = 0; number < 40; number++) listenTo(second.connection, `ink:${number}`);
  await settle();
  const seen = [];
  for (let number = 40; number < 80; number++) seen.push(listenTo(first.connection, `ink:${number}`));
  await settle();
  assert.deepEqual(servers.map(isOpen), [true, true]);
  servers[0].publish("ink:79", "a");
  await settle();
  assert.deepEqual(seen.at(-1).entries, ["a"]);
});

test("when the person is logged out, every tab leaves", async () => {
  const { servers, first, second } = await openTwoTabs();
  const left = [];
  for (const { connection } of [first, second]) connection.addEventListener("leave", (event) => left.push(event.detail.code));
  servers[1].socket.say({ t: "bye", code: "logged_out" });
  await settle();
  assert.deepEqual(left, ["logged_out", "logged_out"]);
});
