const FIRST_DELAY_MS = 250;
const DELAY_MS_MAX = 8_000;
const DEATHS_MAX = 8;
const WINDOW_MS = 120_000;

/** How often and how soon a part that dies is started again: at once at first, then later, and finally not at all. */
export class RestartBudget {
  #deaths: number[] = [];

  /** The pause before the next start, or undefined when it has died too often of late. */
  nextDelayMs(nowMs: number): number | undefined {
    this.#deaths = [...this.#deaths.filter((atMs) => nowMs - atMs < WINDOW_MS), nowMs];
    if (this.#deaths.length > DEATHS_MAX) return undefined;
    return Math.min(FIRST_DELAY_MS * 2 ** (this.#deaths.length - 1), DELAY_MS_MAX);
  }
}
