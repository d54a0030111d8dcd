import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptUploads } from "../../static/js/models/kept_uploads.js";
import { ResumableUpload } from "../../static/js/models/resumable_upload.js";
import {
  FIRST_PIECE_BYTES,
  LARGEST_PIECE_BYTES,
  SMALLEST_PIECE_BYTES,
  fingerprint,
  meaningOf,
  metadata,
  nextPieceBytes,
  pieceBytesAfterCut,
} from "../../static/js/models/upload_pieces.js";

const SIZE = 5 * FIRST_PIECE_BYTES + 17;

class Storage {
  constructor() {
    this.rows = new Map();
  }
  getItem(name) {
    return this.rows.get(name) ?? null;
  }
  setItem(name, value) {
    this.rows.set(name, value);
  }
}

/** A server of one file. `faults` says for the n-th message what goes wrong: a status, "lost" (done, but unheard), or a function. */
class Server {
  constructor(faults = {}) {
    this.faults = faults;
    this.count = 0;
    this.offset = null;
    this.length = 0;
    this.taken = [];
    this.papers = 0;
    this.begun = 0;
    this.asked = [];
  }

  send = async ({ method, headers, body, onProgress, signal }) => {
    const fault = this.faults[this.count++];
    this.asked.push(method);
    if (typeof fault === "function") await fault();
    if (signal.aborted) return answer(0);
    if (typeof fault === "number") return answer(fault, {}, { text: "Why" });
    const given = this.answer(method, headers, body);
    onProgress(body?.size ?? 0);
    return fault === "lost" ? answer(0) : given;
  };

  answer(method, headers, body) {
    if (method === "POST") {
      this.begun += 1;
      this.offset = 0;
      this.length = Number(headers["Upload-Length"]);
      return answer(201, { Location: `/uploads/${this.begun}/` });
    }
    if (this.offset === null) return answer(404);
    if (method === "DELETE") {
      this.offset = null;
      return answer(204);
    }
    const facts = () => ({ "Upload-Offset": String(this.offset), "Upload-Length": String(this.length) });
    if (method === "HEAD") return answer(200, facts());
    if (Number(headers["Upload-Offset"]) !== this.offset) return answer(409);
    if (body.size) this.taken.push([this.offset, this.offset + body.size]);
    this.offset += body.size;
    if (body.size && this.offset === this.length) this.papers += 1;
    return answer(204, facts());
  }
}

function answer(status, headers = {}, told = null) {
  return { status, header: (name) => headers[name] ?? "", told };
}

function sending(server, { storage = new Storage(), size = SIZE, name = "a.pdf", words = {} } = {}) {
  const states = [];
  const rests = [];
  const upload = new ResumableUpload({
    file: Object.assign(new Blob([new Uint8Array(size)]), { name, lastModified: 5 }),
    address: "/meetings/1/uploads/",
    words: { declared_grade: "none", item: "3", ...words },
    kept: new KeptUploads(storage, () => 1000),
    send: server.send,
    rest: async (ms) => rests.push(ms),
    tell: (state, detail) => states.push(detail === undefined ? state : [state, detail]),
    now: () => 0,
    random: () => 1,
  });
  return { upload, states, rests, storage };
}

function assertEachByteOnce(server, size = SIZE) {
  let end = 0;
  for (const [from, to] of server.taken) {
    assert.equal(from, end);
    end = to;
  }
  assert.equal(end, size);
  assert.equal(server.papers, 1);
}

test("a file goes in pieces that grow on a fast line, and every byte goes once", async () => {
  const server = new Server();
  const { upload, states, storage } = sending(server);
  await upload.run();
  assertEachByteOnce(server);
  assert.deepEqual(server.taken.slice(0, 2), [[0, FIRST_PIECE_BYTES], [FIRST_PIECE_BYTES, 3 * FIRST_PIECE_BYTES]]);
  assert.equal(states.at(-1), "done");
  assert.deepEqual(states.at(-2), "checking");
  assert.equal(storage.getItem("phien-uploads"), "{}");
});

test("pieces follow the line", () => {
  assert.equal(nextPieceBytes(FIRST_PIECE_BYTES, 200), 2 * FIRST_PIECE_BYTES);
  assert.equal(nextPieceBytes(FIRST_PIECE_BYTES, 2000), FIRST_PIECE_BYTES);
  assert.equal(nextPieceBytes(FIRST_PIECE_BYTES, 9000), FIRST_PIECE_BYTES / 2);
  assert.equal(nextPieceBytes(LARGEST_PIECE_BYTES, 1), LARGEST_PIECE_BYTES);
  assert.equal(pieceBytesAfterCut(SMALLEST_PIECE_BYTES), SMALLEST_PIECE_BYTES);
});

test("after a cut the server is asked how far it is, and the file goes on there", async () => {
  const server = new Server({ 2: 0, 3: 0, 4: 0 });
  const { upload, states, rests } = sending(server);
  await upload.run();
  assertEachByteOnce(server);
  assert.ok(states.includes("offline"));
  assert.deepEqual(rests, [500, 850, 1445]);
});

test("an answer that was lost costs nothing: no byte twice, no paper twice", async () => {
  for (let number = 1; number < 6; number += 1) {
    const server = new Server({ [number]: "lost" });
    const { upload, states } = sending(server);
    await upload.run();
    assertEachByteOnce(server);
    assert.equal(states.at(-1), "done");
  }
});

test("when the answer to the announcement was lost it is announced again", async () => {
  const server = new Server({ 0: "lost" });
  await sending(server).upload.run();
  assert.equal(server.begun, 2);
  assertEachByteOnce(server);
});

test("a file that is chosen again after a reload goes on where it was", async () => {
  const server = new Server();
  const storage = new Storage();
  const before = sending(server, { storage });
  server.faults[2] = () => before.upload.leave();
  await before.upload.run();
  assert.equal(server.offset, FIRST_PIECE_BYTES);

  const after = sending(server, { storage });
  await after.upload.run();
  assert.equal(server.begun, 1);
  assertEachByteOnce(server);
});

test("another file, or the same for another item, begins anew", async () => {
  const storage = new Storage();
  new KeptUploads(storage, () => 1000).keep(fingerprint({ name: "a.pdf", size: SIZE, lastModified: 5 }, "/meetings/1/uploads/#3"), "/uploads/1/");
  for (const other of [{ name: "b.pdf" }, { size: SIZE + 1 }, { words: { item: "4" } }, { words: { item: "", document: "3x" } }]) {
    const server = new Server();
    await sending(server, { storage, ...other }).upload.run();
    assert.equal(server.asked[0], "POST");
  }
});

test("what the server has forgotten is begun anew", async () => {
  const server = new Server();
  const storage = new Storage();
  const { upload } = sending(server, { storage });
  upload.kept.keep(upload.print, "/uploads/99/");
  await upload.run();
  assert.deepEqual(server.asked.slice(0, 2), ["HEAD", "POST"]);
  assertEachByteOnce(server);
});

test("a pause lets the piece arrive, and going on sends no byte twice", async () => {
  const server = new Server();
  const { upload, states } = sending(server);
  server.faults[2] = () => upload.pause();
  await upload.run();
  assert.equal(states.at(-1), "paused");
  assert.equal(server.offset, 3 * FIRST_PIECE_BYTES);
  await upload.run();
  assertEachByteOnce(server);
});

test("who goes on before the pause has begun has one sender, not two", async () => {
  const server = new Server();
  const { upload } = sending(server);
  server.faults[2] = () => {
    upload.pause();
    upload.run();
  };
  await upload.run();
  assertEachByteOnce(server);
});

test("stopping deletes what was sent, here and there", async () => {
  const server = new Server();
  const { upload, states, storage } = sending(server);
  server.faults[2] = () => upload.stop();
  await upload.run();
  assert.equal(states.at(-1), "stopped");
  assert.equal(server.asked.at(-1), "DELETE");
  assert.equal(server.offset, null);
  assert.equal(storage.getItem("phien-uploads"), "{}");
});

test("a refusal is said with its sentence, and the file is not kept", async () => {
  for (const [number, status] of [[0, 413], [0, 422], [1, 422]]) {
    const server = new Server({ [number]: status });
    const { upload, states, storage } = sending(server);
    await upload.run();
    assert.deepEqual(states.at(-1), ["refused", "Why"]);
    assert.ok(["{}", null].includes(storage.getItem("phien-uploads")));
  }
});

test("a refusal that was not heard is asked for with an empty piece", async () => {
  const server = new Server({ 1: 0, 2: 410, 3: 422 });
  const { upload, states } = sending(server);
  await upload.run();
  assert.deepEqual(server.asked, ["POST", "PATCH", "HEAD", "PATCH"]);
  assert.deepEqual(states.at(-1), ["refused", "Why"]);
});

test("a server that has no time is asked again, one that makes no sense not for ever", async () => {
  const busy = new Server({ 1: 503, 3: 423, 5: 502 });
  const patient = sending(busy);
  await patient.upload.run();
  assertEachByteOnce(busy);
  const mad = new Server(Object.fromEntries(Array.from({ length: 100 }, (_, place) => [place, place ? 409 : undefined])));
  const { upload, states } = sending(mad);
  await upload.run();
  assert.deepEqual(states.at(-1), ["failed", "Why"]);
  assert.ok(mad.count < 20);
});

test("who was logged out keeps the place of the file", async () => {
  const server = new Server({ 2: 401 });
  const storage = new Storage();
  await sending(server, { storage }).upload.run();
  await sending(server, { storage }).upload.run();
  assertEachByteOnce(server);
});

test("whose login has ended is told so, and after logging in the same file goes on where it was", async () => {
  const server = new Server({ 2: 401, 3: 401 });
  const { upload, states } = sending(server);
  await upload.run();
  assert.equal(states.at(-1), "login");
  await upload.run(); // pressed too early
  assert.equal(states.at(-1), "login");
  await upload.run();
  assert.equal(states.at(-1), "done");
  assert.equal(server.begun, 1);
  assertEachByteOnce(server);
});

test("words about a file may hold any letter", () => {
  assert.equal(metadata({ filename: "Tờ trình.pdf", item: "", declared_grade: "none" }), "filename VOG7nSB0csOsbmgucGRm,declared_grade bm9uZQ==");
});

test("every answer has a meaning", () => {
  assert.equal(meaningOf(204), "on");
  assert.equal(meaningOf(0), "wait");
  assert.equal(meaningOf(409), "look");
  assert.equal(meaningOf(401), "login");
  assert.equal(meaningOf(403), "failed");
  assert.equal(meaningOf(507), "failed");
});

test("what is kept goes after a day, and a broken or full storage is none", () => {
  let now = 0;
  const kept = new KeptUploads(new Storage(), () => now);
  kept.keep("a", "/uploads/1/");
  assert.equal(kept.find("a"), "/uploads/1/");
  now = 25 * 3600 * 1000;
  assert.equal(kept.find("a"), "");
  const broken = { getItem: () => "{", setItem: () => { throw new Error("full"); } };
  new KeptUploads(broken, () => 0).keep("a", "/uploads/1/");
  assert.equal(new KeptUploads(broken, () => 0).find("a"), "");
});
