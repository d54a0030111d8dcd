// Which pages are in sight, and what they show: images as sharp as they lie, tiles, text, ink. Far pages give their memory back.

import { contains, inkRegion, wantedIndexes } from "../models/pages.js";
import { MOST_TILES, seenOn } from "../models/tiles.js";

const MOST_INK_PIXELS = 8e6;

export class Sight {
  /** @param {import("./viewport.js").Viewport} viewport @param {HTMLElement} sheet */
  constructor(viewport, sheet) {
    this.viewport = viewport;
    this.sheet = sheet;
    this.pages = [];
  }

  /** A page that stands on the sheet already stays there: taken out it would lose its image. */
  show(pages) {
    this.pages = pages;
    const [standing] = pages.filter((page) => page.parentElement === this.sheet);
    if (!standing) return this.sheet.replaceChildren(...pages);
    const index = pages.indexOf(standing);
    standing.before(...pages.slice(0, index));
    standing.after(...pages.slice(index + 1));
  }

  placePages() {
    this.pages.forEach((page, index) => page.place(this.viewport.layout.places[index]));
  }

  moved() {
    this.placeInk();
    this.#showImages(false);
    this.#showTiles();
  }

  /** Fingers pinch: whatever is asked for now is out of place when they rest. */
  pinched() {
    for (const page of this.pages) page.tiles.pause();
  }

  /** Nothing moves: sharp images, text, and the far pages' memory given back. */
  rested() {
    this.#showTiles();
    this.#showImages(true);
    this.placeInk();
  }

  inkOf(index) {
    return this.pages[index]?.ink ?? null;
  }

  #showImages(isResting) {
    const { layout, top, box } = this.viewport;
    const wanted = wantedIndexes(layout, top, box.height);
    const [first, last] = this.viewport.visible;
    for (const index of wanted) {
      const isSeen = index >= first && index <= last;
      if (isSeen || isResting) this.pages[index].showImage(devicePixelRatio, isSeen);
      if (isResting) this.pages[index].showText();
    }
    this.pages.forEach((page, index) => {
      if (!wanted.includes(index)) isResting ? page.leaveSight() : page.pass();
    });
  }

  #showTiles() {
    const { viewport } = this;
    if (viewport.isPinching) return;
    const [first, last] = viewport.visible;
    let left = MOST_TILES;
    this.pages.forEach((page, index) => {
      if (index < first || index > last) page.tiles.clear();
      else left -= page.showTiles(seenOn(viewport.layout.places[index], viewport), devicePixelRatio, left);
    });
  }

  /** Ink lies on the pages in sight; on a page enlarged beyond measure only on the part in sight. */
  placeInk() {
    const { top, left, box, layout } = this.viewport;
    const [first, last] = this.viewport.visible;
    for (let index = first; index <= last; index += 1) {
      const place = layout.places[index];
      const { ink, pins } = this.pages[index];
      const seen = {
        left: Math.max(0, left - place.left),
        top: Math.max(0, top - place.top),
        width: Math.min(box.width, place.width),
        height: Math.min(box.height, place.height),
      };
      pins.show();
      const visible = clip(seen, place);
      const isPlaced = ink.region && ink.scale === place.scale && contains(ink.region, visible);
      if (isPlaced) continue;
      ink.scale = place.scale;
      ink.place(inkRegion(place, visible, devicePixelRatio, MOST_INK_PIXELS), place.scale, devicePixelRatio);
    }
  }
}

function clip(seen, place) {
  return {
    left: Math.min(seen.left, place.width),
    top: Math.min(seen.top, place.height),
    width: Math.max(0, Math.min(seen.width, place.width - seen.left)),
    height: Math.max(0, Math.min(seen.height, place.height - seen.top)),
  };
}
