// The tiles of one page: laid over its image where a member has zoomed in further than that is sharp. They come as they are
// needed and go as soon as they are out of sight; what does not come leaves the image of the page as it was.
//   <div class="page-tiles" data-state="loading|ready"><img class="page-tile" …></div>

import { MOST_TILES, nameOf, rowsOf } from "../models/tiles.js";
import { decoded } from "./picture.js";

const AGAIN_AFTER_MS = 2000;

export class PageTiles {
  /** @type {Map<string, HTMLImageElement>} who came first is first */
  #shown = new Map();
  /** @type {Map<string, AbortController>} one for all that were asked for together */
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
    const needed = new Set([...this.#loading].filter(([name]) => this.#wanted.has(name)).map(([, loading]) => loading));
    for (const loading of new Set(this.#loading.values())) if (!needed.has(loading)) this.#stop(loading);
    const isMissing = (name) => !this.#shown.has(name) && !this.#loading.has(name) && !this.#absent.has(name);
    const missing = tiles.filter((tile) => isMissing(nameOf(tile)));
    const isKept = (tile) => this.paper.keptTile(this.page, tile) !== undefined;
    for (const tile of missing.filter(isKept)) {
      this.#load([tile], async () => new Map([[nameOf(tile), this.paper.keptTile(this.page, tile)]]));
    }
    for (const row of rowsOf(missing.filter((tile) => !isKept(tile)))) {
      this.#load(row, (signal) => this.paper.tiles(this.page, row, signal));
    }
    const level = tiles[0]?.level;
    for (const [name, image] of this.#shown) if (!this.#wanted.has(name) && image.level === level) this.#drop(name);
    this.#settle();
  }

  /** What is on its way is taken back; what is there stays. */
  pause() {
    for (const loading of new Set(this.#loading.values())) this.#stop(loading);
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

  async #load(row, fetch) {
    const loading = new AbortController();
    for (const tile of row) this.#loading.set(nameOf(tile), loading);
    try {
      const blobs = await fetch(loading.signal);
      const put = await Promise.allSettled(row.map((tile) => this.#put(tile, blobs.get(nameOf(tile)), loading.signal)));
      const failed = row.filter((_tile, index) => put[index].status === "rejected");
      if (failed.length && !loading.signal.aborted) this.#failed(failed, 0);
    } catch (error) {
      if (!loading.signal.aborted) this.#failed(row, error.status ?? 0);
    } finally {
      this.#forget(loading);
      this.#settle();
    }
  }

  async #put(tile, blob, signal) {
    if (!blob) return void this.#absent.add(nameOf(tile));
    const image = await decoded(blob, "page-tile", signal);
    const { left, top, width, height } = tile;
    Object.assign(image.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
    image.level = tile.level;
    this.#shown.set(nameOf(tile), image);
    this.#loading.delete(nameOf(tile));
    this.layer.append(image);
    this.#makeRoom();
  }

  #failed(row, status) {
    if (status && status < 500) {
      for (const tile of row) this.#absent.add(nameOf(tile));
      return;
    }
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.retry(), AGAIN_AFTER_MS);
  }

  #stop(loading) {
    loading.abort();
    this.#forget(loading);
  }

  #forget(loading) {
    for (const [name, one] of this.#loading) if (one === loading) this.#loading.delete(name);
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
