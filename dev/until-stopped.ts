/** Ctrl-C under npm comes twice: from the terminal, and passed on by npm. Later than this it is a second one. */
const SAME_CTRL_C_MS = 700;

/** Settles at the first SIGINT or SIGTERM. Whoever asks again doesn't want to wait: that ends the process at once. */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let firstMs: number | undefined;
    const onSignal = () => {
      if (firstMs !== undefined && performance.now() - firstMs > SAME_CTRL_C_MS) process.exit(130);
      firstMs ??= performance.now();
      resolve();
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
}
