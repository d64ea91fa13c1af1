import type { Part } from '../processes/parts.ts';

/** The same warning, over and over while something is down, is shown once in so long. */
const REPEAT_AFTER_MS = 10_000;
const WARN = 40;

/** Of all that the parts log, what belongs on the terminal: warnings and errors of ours, each once in a while. */
export class ImportantLines {
  readonly #show: (line: string) => void;
  readonly #shownMs = new Map<string, number>();

  constructor(show: (line: string) => void) {
    this.#show = show;
  }

  add(part: Part, line: string, nowMs: number): void {
    const text = importantPart(line);
    if (text === undefined) return;
    const shown = `  [${part}] ${text}`;
    if (nowMs - (this.#shownMs.get(shown) ?? Number.NEGATIVE_INFINITY) < REPEAT_AFTER_MS) return;
    for (const [old, atMs] of this.#shownMs) if (nowMs - atMs >= REPEAT_AFTER_MS) this.#shownMs.delete(old);
    this.#shownMs.set(shown, nowMs);
    this.#show(shown);
  }
}

/** Our parts log JSON lines as pino writes them. What isn't one (Temporal's own, a stack trace) stays in the log file. */
function importantPart(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { level, msg, err } = JSON.parse(line) as {
      level?: unknown;
      msg?: unknown;
      err?: { message?: unknown };
    };
    if (typeof level !== 'number' || level < WARN) return undefined;
    return [msg, err?.message].filter((text) => typeof text === 'string' && text !== '').join(': ');
  } catch {
    return undefined;
  }
}
