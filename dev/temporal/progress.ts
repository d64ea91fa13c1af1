const EVERY_MS_TTY = 1_000;
const EVERY_MS_LOG = 20_000;

/**
 * Says at intervals how far a long step is: one line that rewrites itself on a terminal, a line now and then in a log.
 * `status()` is asked each time.
 */
export function showProgress(status: () => string, log: (line: string) => void): () => void {
  const startedMs = performance.now();
  const line = () => `  … ${status()} (${Math.round((performance.now() - startedMs) / 1_000)} s)`;
  const tty = process.stderr.isTTY;
  const timer = setInterval(
    () => {
      if (tty) process.stderr.write(`\r\u001b[K${line()}`);
      else log(line());
    },
    tty ? EVERY_MS_TTY : EVERY_MS_LOG,
  );
  return () => {
    clearInterval(timer);
    if (tty) process.stderr.write('\r\u001b[K');
  };
}
