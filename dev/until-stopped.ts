/** Ctrl-C under npm comes twice: from the terminal, and passed on by npm. Later than this it is a second one. */
const SAME_CTRL_C_MS = 700;
/** How often to look whether npm is still there. */
const LOOK_MS = 500;
/** Npm's shell, or whoever started this process: known from the beginning, since it may be gone by the time that somebody waits. */
const PARENT = process.ppid;

/**
 * Settles at the first SIGINT or SIGTERM, or when npm is gone: one that is killed passes SIGTERM on to its shell and no further. Whoever
 * asks again doesn't want to wait: that ends the process at once.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let firstMs: number | undefined;
    const onSignal = () => {
      if (firstMs !== undefined && performance.now() - firstMs > SAME_CTRL_C_MS) process.exit(130);
      firstMs ??= performance.now();
      resolve();
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    if (process.env.npm_lifecycle_event !== undefined) whenParentIsGone(resolve);
  });
}

function whenParentIsGone(then: () => void): void {
  const look = setInterval(() => {
    if (process.ppid === PARENT) return;
    clearInterval(look);
    then();
  }, LOOK_MS);
  look.unref();
}
