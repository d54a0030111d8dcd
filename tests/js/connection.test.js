import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeServer, FakeTime, INK, listenTo, openLiveTab, openTab, settle } from "./fakes.js";

test("the first frame carries the ticket, the build and everything listened to", async () => {
  const time = new FakeTime();
  const server = new FakeServer(time);
  const tab = openTab({ server, time });
  listenTo(tab.connection);
  tab.start();
  await settle();
  const [hello] = server.heard;
  assert.deepEqual(hello, { t: "hello", v: 1, ticket: "ticket-1", client: hello.client, build: "b1", streams: { [INK]: null } });
  assert.equal(tab.connection.status, "live");
  assert.equal(tab.connection.principal, "person:12");
});

test("what is wanted between the first frame and the welcome is asked for after it", async () => {
  const { server, tab, connection } = await openLiveTab();
  server.isSlowToWelcome = true;
  tab.goOffline();
  tab.wake();
  await settle();
  const seen = listenTo(connection);
  await settle();
  server.welcomeAtLast();
  await settle();
  assert.deepEqual(server.heardOf("listen").map(({ streams }) => streams), [{ [INK]: null }]);
  assert.deepEqual(seen.resets, [[]]);
});

test("entries come in order, each once", async () => {
  const { server, connection } = await openLiveTab();
  const seen = listenTo(connection);
  await settle();
  server.publish(INK, "a");
  server.publish(INK, "b");
  server.socket.say({ t: "entries", s: INK, epoch: "e1", from: 1, to: 2, e: ["a", "b"] });
  assert.deepEqual(seen.entries, ["a", "b"]);
});

test("entries that overlap what we have give only what is new", async () => {
  const { server, connection } = await openLiveTab();
  const seen = listenTo(connection);
  await settle();
  server.publish(INK, "a");
  server.socket.say({ t: "entries", s: INK, epoch: "e1", from: 1, to: 3, e: ["a", "b", "c"] });
  assert.deepEqual(seen.entries, ["a", "b", "c"]);
});

test("a gap is asked for, once, and filled", async () => {
  const { server, connection } = await openLiveTab();
  const seen = listenTo(connection);
  await settle();
  server.publish(INK, "a");
  server.publish(INK, "b", { isLost: true });
  server.publish(INK, "c");
  server.publish(INK, "d");
  await settle();
  assert.deepEqual(seen.entries, ["a", "b", "c", "d"]);
  assert.deepEqual(server.heardOf("listen").slice(1).map(({ streams }) => streams), [{ [INK]: ["e1", 1] }]);
});

test("a lost last entry is noticed by the heads in the second pong", async () => {
  const { server, connection, time } = await openLiveTab();
  const seen = listenTo(connection);
  await time.pass(2000);
  server.publish(INK, "a", { isLost: true });
  await time.pass(5000);
  assert.deepEqual(seen.entries, []);
  await time.pass(5000);
  assert.deepEqual(seen.entries, ["a"]);
});

test("after a broken line we resume where we were", async () => {
  const { server, connection, time } = await openLiveTab();
  const seen = listenTo(connection);
  await settle();
  server.publish(INK, "a");
  server.socket.drop();
  server.publish(INK, "b", { isLost: true });
  await time.pass(500);
  assert.deepEqual(server.heardOf("hello").at(-1).streams, { [INK]: ["e1", 1] });
  assert.deepEqual(seen.entries, ["a", "b"]);
  assert.equal(seen.resets.length, 1);
});

test("a reset replaces everything, also when its number is lower", async () => {
  const { server, connection } = await openLiveTab();
  const seen = listenTo(connection);
  await settle();
  server.publish(INK, "a");
  server.socket.say({ t: "reset", s: INK, epoch: "e2", seq: 0, state: ["other"] });
  server.socket.say({ t: "entries", s: INK, epoch: "e2", from: 1, to: 1, e: ["new"] });
  assert.deepEqual(seen.resets.at(-1), ["other"]);
  assert.deepEqual(seen.entries, ["a", "new"]);
});

test("a large frame that comes in parts is one frame", async () => {
  const { server, connection } = await openLiveTab();
  const seen = listenTo(connection);
  await settle();
  const text = JSON.stringify({ t: "reset", s: INK, epoch: "e1", seq: 9, state: ["nét bút", "ghi chú"] });
  const texts = [text.slice(0, 30), text.slice(30, 60), text.slice(60)];
  texts.forEach((part, index) => server.socket.say({ t: "part", n: index + 1, of: 3, text: part }));
  assert.deepEqual(seen.resets.at(-1), ["nét bút", "ghi chú"]);
});

test("a second listener on a stream is told everything from the beginning", async () => {
  const { server, connection } = await openLiveTab();
  listenTo(connection);
  await settle();
  server.publish(INK, "a");
  const late = listenTo(connection);
  await settle();
  assert.deepEqual(late.resets, [["a"]]);
});

test("what nobody listens to any more is left", async () => {
  const { server, connection } = await openLiveTab();
  const seen = listenTo(connection);
  await settle();
  seen.stop();
  assert.deepEqual(server.heardOf("leave"), [{ t: "leave", streams: [INK] }]);
  server.publish(INK, "a");
  assert.deepEqual(seen.entries, []);
});

test("a listener that breaks does not silence the others", async () => {
  const { server, connection } = await openLiveTab();
  const complaints = [];
  globalThis.reportError = (error) => complaints.push(error.message);
  connection.listen(INK, { onEntries: () => { throw new Error("broken element"); } });
  const seen = listenTo(connection);
  await settle();
  server.publish(INK, "a");
  delete globalThis.reportError;
  assert.deepEqual(seen.entries, ["a"]);
  assert.deepEqual(complaints, ["broken element"]);
});

test("ephemera go out on a live line only and come in as they are", async () => {
  const { server, connection, tab } = await openLiveTab();
  const seen = listenTo(connection);
  await settle();
  assert.equal(connection.ephemeral(INK, "stroke", { id: "s1" }), true);
  assert.deepEqual(server.heardOf("ephemeral"), [{ t: "ephemeral", s: INK, k: "stroke", id: "s1" }]);
  server.socket.say({ t: "ephemera", s: INK, e: [{ k: "stroke", by: "person:3" }] });
  assert.deepEqual(seen.ephemera, [{ k: "stroke", by: "person:3" }]);
  assert.equal(connection.ephemeral(INK, "stroke", { d: "x".repeat(8000) }), false);
  server.socket.bufferedAmount = 1e6;
  assert.equal(connection.ephemeral(INK, "stroke", {}), false);
  tab.goOffline();
  assert.equal(connection.ephemeral(INK, "stroke", {}), false);
});

test("now() is the server's time, taken from the answer with the shortest trip", async () => {
  const time = new FakeTime();
  const server = new FakeServer(time);
  server.clockAhead = 3600000;
  const { connection } = await openLiveTab({ time, server });
  assert.equal(connection.now(), 3600000);
  await time.pass(5000);
  assert.equal(connection.now(), time.now + 3600000);
});

test("twelve seconds of silence are a dead line", async () => {
  const { server, connection, time } = await openLiveTab();
  const first = server.socket;
  server.isCut = true;
  await time.pass(11000);
  assert.equal(connection.status, "live");
  await time.pass(2000);
  assert.equal(first.isClosed, true);
  assert.equal(connection.status, "reconnecting");
  server.isCut = false;
  await time.pass(12000);
  assert.equal(connection.status, "live");
});

test("offline closes the socket, and coming back connects at once", async () => {
  const { server, connection, time, tab } = await openLiveTab();
  const first = server.socket;
  server.postsWork = server.opensSockets = false;
  tab.goOffline();
  assert.equal(first.isClosed, true);
  assert.equal(connection.status, "offline");
  await time.pass(60000);
  assert.equal(connection.status, "offline");
  server.postsWork = server.opensSockets = true;
  tab.wake();
  await settle();
  assert.equal(connection.status, "live");
});

test("a page that slept opens a new line at once instead of trusting the old one", async () => {
  const { server, connection, time, tab } = await openLiveTab();
  time.now += 600000;
  tab.wake();
  await settle();
  assert.equal(server.heardOf("hello").length, 2);
  assert.equal(connection.status, "live");
});

test("a kept ticket is used again, a renewed one replaces it", async () => {
  const { server, time } = await openLiveTab();
  server.socket.say({ t: "ticket", ticket: "renewed", expires: 900000 });
  server.socket.drop();
  await time.pass(500);
  assert.equal(server.heardOf("hello").at(-1).ticket, "renewed");
  assert.equal(server.ticketsGiven, 1);
});

test("an expired ticket is fetched anew", async () => {
  const { server, time } = await openLiveTab();
  await time.pass(700000);
  server.socket.drop();
  await time.pass(500);
  assert.equal(server.heardOf("hello").at(-1).ticket, "ticket-2");
});

test("where sockets are eaten, the same frames go by POST every two seconds until a socket opens", async () => {
  const time = new FakeTime();
  const server = new FakeServer(time);
  server.opensSockets = false;
  const { connection } = await openLiveTab({ time, server });
  await time.pass(3000);
  assert.equal(connection.status, "live");
  assert.equal(connection.way, "sync");
  const seen = listenTo(connection);
  await time.pass(10);
  assert.deepEqual(seen.resets, [[]]);
  server.publish(INK, "a");
  await time.pass(2000);
  assert.deepEqual(seen.entries, ["a"]);
  const done = connection.perform("make_mark", { id: "m" });
  await settle();
  await time.pass(10);
  assert.deepEqual(await done, { order: 0 });
  server.opensSockets = true;
  await time.pass(5000);
  assert.equal(connection.way, "socket");
  const asked = server.heardOf("hello").length;
  await time.pass(10000);
  assert.equal(server.heardOf("hello").length, asked);
});

test("it never gives up", async () => {
  const time = new FakeTime();
  const server = new FakeServer(time);
  server.postsWork = server.opensSockets = false;
  const { connection } = await openLiveTab({ time, server });
  await time.pass(3600000);
  assert.deepEqual([connection.status, connection.way], ["reconnecting", null]);
  server.postsWork = server.opensSockets = true;
  await time.pass(5000);
  assert.equal(connection.status, "live");
});

for (const code of ["logged_out", "removed"]) {
  test(`after "${code}" the page is left and nothing more is tried`, async () => {
    const { server, connection, time } = await openLiveTab();
    const left = [];
    connection.addEventListener("leave", (event) => left.push(event.detail.code));
    server.socket.say({ t: "bye", code });
    await time.pass(60000);
    assert.deepEqual(left, [code]);
    assert.equal(server.heardOf("hello").length, 1);
  });
}

test('after "restart" it comes back', async () => {
  const { server, connection, time } = await openLiveTab();
  server.socket.say({ t: "bye", code: "restart" });
  assert.equal(connection.status, "reconnecting");
  await time.pass(1000);
  assert.equal(connection.status, "live");
});

test("an expired login is told, and trying goes on", async () => {
  const time = new FakeTime();
  const server = new FakeServer(time);
  server.isLoggedIn = false;
  const left = [];
  const tab = openTab({ server, time });
  tab.connection.addEventListener("leave", (event) => left.push(event.detail.code));
  tab.start();
  await settle();
  assert.deepEqual(left, ["logged_out"]);
  server.isLoggedIn = true;
  await time.pass(5000);
  assert.equal(tab.connection.status, "live");
});
