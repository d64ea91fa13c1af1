const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Ends the process in good order at the first signal. Whoever sends another one does not want to wait: it ends the process at once. */
export function onEndSignal(end: () => Promise<void>): void {
  const onFirst = (): void => {
    for (const signal of SIGNALS) process.off(signal, onFirst);
    void end();
  };
  for (const signal of SIGNALS) process.on(signal, onFirst);
}
