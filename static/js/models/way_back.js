/** So many places are remembered to go back to. */
export const MOST_PLACES = 30;

/**
 * The way back to where I was: places {version, page, y} before each jump. Turning pages one by one is no jump.
 */
export class WayBack {
  constructor() {
    this.places = [];
  }

  get isEmpty() {
    return this.places.length === 0;
  }

  /** I leave this place by a jump. The same page twice in a row is one place. */
  leave(place) {
    const last = this.places.at(-1);
    if (last && last.version === place.version && last.page === place.page) this.places.pop();
    this.places = [...this.places, place].slice(-MOST_PLACES);
  }

  /** @returns {{version: string, page: number, y: number} | null} */
  back() {
    return this.places.pop() ?? null;
  }
}
