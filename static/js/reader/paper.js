// One version of a paper as the server gives it: facts, page images, page text. Images are fetched once and kept as
// blobs (a text page is 70 KB), so that turning back needs no network; few of them are decoded at a time.

import { Words } from "../models/finding.js";
import { rotated } from "../models/rotation.js";
import { nameOf } from "../models/tiles.js";
import { UrgentFirst } from "../models/urgent_first.js";

const PAGES = "/p/";
/** A screen of tiles has four rows: with three at once the last was asked for 90 ms later. */
const AT_ONCE = 4;
const KEPT_IMAGES = 60;
const KEPT_TILES = 200;

export class PaperError extends Error {
  /** @param {number} status HTTP status, 0 where there was no answer */
  constructor(status) {
    super(`paper: ${status}`);
    this.status = status;
  }
}

export class Paper {
  /** @type {Map<string, Blob>} oldest first */
  #images = new Map();
  /** @type {Map<string, Blob>} oldest first */
  #tiles = new Map();
  /** @type {Map<number, Promise<object>>} */
  #texts = new Map();
  #queue = new UrgentFirst(AT_ONCE);
  /** @type {Promise<Words>|null} */
  #words = null;

  constructor(version, manifest) {
    this.version = version;
    this.manifest = manifest;
    this.pages = manifest.pages;
  }

  /** @returns {Promise<Paper>} @throws {PaperError} */
  static async open(version, signal) {
    return new Paper(version, await (await get(`${version}/manifest.json`, signal)).json());
  }

  /** @param {Map<number, number>} rotations page -> quarters to the right, from now on; the others stand as in the file */
  rotate(rotations) {
    this.pages = this.manifest.pages.map((facts) => rotated(facts, rotations.get(facts.number) ?? 0));
  }

  get title() {
    return this.manifest.title;
  }

  /** The words of all pages, for finding. @returns {Promise<Words>} */
  words() {
    this.#words ??= this.#fetchWords().catch((error) => {
      this.#words = null;
      throw error;
    });
    return this.#words;
  }

  async #fetchWords() {
    const words = new Words((await (await get(`${this.version}/words.json`)).json()).pages);
    if (words.unread) this.#words = null; // they will be there when somebody asks again
    return words;
  }

  /** The address of a small picture of a page. */
  thumbnail(number) {
    return `${PAGES}${this.version}/${number}/${this.manifest.thumbnail}.webp`;
  }

  /**
   * The image of a page, fetched in the order of need; what is no longer needed is taken back through the signal.
   *
   * @param {import("../models/urgent_first.js").Want} want
   */
  image(number, tier, want) {
    const key = `${number}/${tier}`;
    const kept = this.#images.get(key);
    return kept ? Promise.resolve(kept) : this.#queued(want, () => this.#fetchImage(key, want.signal));
  }

  /** A part of a page that was fetched before and is kept still. @param {import("../models/tiles.js").Tile} tile */
  keptTile(number, tile) {
    return this.#tiles.get(`${number}/${nameOf(tile)}`);
  }

  /**
   * Parts of a page, fetched together; those that the server does not have are missing.
   *
   * @param {import("../models/tiles.js").Tile[]} tiles of one level @returns {Promise<Map<string, Blob>>} by their names
   */
  tiles(number, tiles, signal) {
    return this.#queued({ urgency: 0, signal }, () => this.#fetchTiles(number, tiles, signal));
  }

  async #fetchTiles(number, tiles, signal) {
    const [{ level }] = tiles;
    const places = tiles.map(({ column, row }) => `${column}-${row}`).join(",");
    const answer = await get(`${this.version}/${number}/${level}/${places}.tiles`, signal);
    const form = await answer.formData().catch((error) => Promise.reject(signal?.aborted ? error : new PaperError(0)));
    const fetched = [...form].map(([place, blob]) => [`${level}/${place}`, blob]);
    for (const [name, blob] of fetched) keep(this.#tiles, `${number}/${name}`, blob, KEPT_TILES);
    return new Map(fetched);
  }

  /** What is on its way already: what is less urgent waits for it. */
  wait(want, promise) {
    this.#queue.add(want, () => promise.then(() => {}, () => {}));
    return promise;
  }

  /** Something that was asked for has become more or less urgent. */
  hurry() {
    this.#queue.next();
  }

  /** What `run` answers, when its turn has come. */
  #queued(want, run) {
    return new Promise((resolve, reject) => {
      want.signal?.addEventListener("abort", () => reject(want.signal.reason), { once: true });
      this.#queue.add(want, () => run().then(resolve, reject));
    });
  }

  async #fetchImage(key, signal) {
    const blob = await (await get(`${this.version}/${key}.webp`, signal)).blob();
    keep(this.#images, key, blob, KEPT_IMAGES);
    return blob;
  }

  /** @returns {Promise<{spans: {text: string, box: number[], x?: number[], dir?: number[]}[], links?: object[]}>} */
  text(number) {
    if (!this.#texts.has(number)) {
      const asked = get(`${this.version}/${number}/text.json`).then((answer) => answer.json());
      asked.catch(() => this.#texts.delete(number));
      this.#texts.set(number, asked);
    }
    return this.#texts.get(number);
  }
}

/** @param {Map<string, Blob>} kept oldest first @param {number} most of them */
function keep(kept, key, blob, most) {
  kept.set(key, blob);
  if (kept.size > most) kept.delete(kept.keys().next().value);
}

async function get(path, signal) {
  let answer;
  try {
    answer = await fetch(PAGES + path, { signal, credentials: "same-origin", redirect: "error" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new PaperError(0);
  }
  if (!answer.ok) throw new PaperError(answer.status);
  return answer;
}
