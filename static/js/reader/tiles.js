// The tiles of one page: laid over its image where a member has zoomed in further than that is sharp. They come as they are
// needed and go as soon as they are out of sight; what does not come leaves the image of the page as it was.
//   <div class="page-tiles" data-state="loading|ready"><img class="page-tile" …></div>

import { MOST_TILES, nameOf } from "../models/tiles.js";
import { decoded } from "./picture.js";

const AGAIN_AFTER_MS = 2000;

export class PageTiles {
  /** @type {Map<string, HTMLImageElement>} who came first is first */
  #shown = new Map();
  /** @type {Map<string, AbortController>} */
  #loading = new Map();
  /** @type {Map<string, import("../models/tiles.js").Tile>} */
  #wanted = new Map();
  /** What the server says there is not, as a page that takes too long to draw. */
  #absent = new Set();
  #again = null;

  /** @param {import("./paper.js").Paper} paper @param {number} page @param {HTMLElement} layer */
  constructor(paper, page, layer) {
    this.paper = paper;
    this.page = page;
    this.layer = layer;
  }

  get isEmpty() {
    return !this.#shown.size && !this.#loading.size;
  }

  /** These and no others. Tiles of another level stay until these are there. @param {import("../models/tiles.js").Tile[]} tiles */
  show(tiles) {
    this.#wanted = new Map(tiles.map((tile) => [nameOf(tile), tile]));
    for (const name of this.#loading.keys()) if (!this.#wanted.has(name)) this.#stop(name);
    for (const [name, tile] of this.#wanted) {
      if (!this.#shown.has(name) && !this.#loading.has(name) && !this.#absent.has(name)) this.#load(name, tile);
    }
    const level = tiles[0]?.level;
    for (const [name, image] of this.#shown) if (!this.#wanted.has(name) && image.level === level) this.#drop(name);
    this.#settle();
  }

  /** What is on its way is taken back; what is there stays. */
  pause() {
    for (const name of this.#loading.keys()) this.#stop(name);
    clearTimeout(this.#again);
  }

  clear() {
    if (this.isEmpty && !this.#wanted.size) return;
    this.pause();
    this.#wanted.clear();
    this.#absent.clear();
    this.#settle();
  }

  retry() {
    this.show([...this.#wanted.values()]);
  }

  async #load(name, tile) {
    const loading = new AbortController();
    this.#loading.set(name, loading);
    try {
      const blob = await this.paper.tile(this.page, name, loading.signal);
      await this.#put(name, tile, blob, loading.signal);
    } catch (error) {
      if (!loading.signal.aborted) this.#failed(name, error.status ?? 0);
    } finally {
      if (this.#loading.get(name) === loading) this.#loading.delete(name);
      this.#settle();
    }
  }

  async #put(name, tile, blob, signal) {
    const image = await decoded(blob, "page-tile", signal);
    const { left, top, width, height } = tile;
    Object.assign(image.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
    image.level = tile.level;
    this.#shown.set(name, image);
    this.layer.append(image);
    this.#makeRoom();
  }

  #failed(name, status) {
    if (status && status < 500) {
      this.#absent.add(name);
      return;
    }
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.retry(), AGAIN_AFTER_MS);
  }

  #stop(name) {
    this.#loading.get(name).abort();
    this.#loading.delete(name);
  }

  /** Once nothing is on its way, what lies below is no longer needed. */
  #settle() {
    this.layer.dataset.state = this.#loading.size ? "loading" : "ready";
    if (this.#loading.size) return;
    for (const name of this.#shown.keys()) if (!this.#wanted.has(name)) this.#drop(name);
  }

  #makeRoom() {
    for (const name of this.#shown.keys()) {
      if (this.#shown.size <= MOST_TILES) return;
      if (!this.#wanted.has(name)) this.#drop(name);
    }
  }

  #drop(name) {
    const image = this.#shown.get(name);
    URL.revokeObjectURL(image.src);
    image.remove();
    this.#shown.delete(name);
  }
}
