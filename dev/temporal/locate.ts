/** One way to come by the server's binary: its path, or in a few words why this way is closed. */
export interface Attempt {
  name: string;
  find(): Promise<{ path: string } | { missing: string }>;
}

/** Every way was tried. The message is all that a newcomer sees: what failed, and the three ways out. */
export class NoTemporal extends Error {
  constructor(tried: readonly string[]) {
    super(
      [
        'No Temporal server could be found or built. What was tried:',
        ...tried.map((line) => `  - ${line}`),
        'Three ways out, any one will do:',
        '  1. install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on your PATH;',
        '  2. install Go 1.25 or newer: the CLI is then built once, through the Go module proxy, in about three minutes;',
        '  3. set TEMPORAL_ADDRESS (and TEMPORAL_NAMESPACE, TEMPORAL_API_KEY …) to a cluster that runs already.',
      ].join('\n'),
    );
    this.name = 'NoTemporal';
  }
}

/** The first attempt that works; later ones, which cost more, are not begun. */
export async function firstThatWorks(attempts: readonly Attempt[]): Promise<{ path: string; from: string }> {
  const tried: string[] = [];
  for (const attempt of attempts) {
    const found = await attempt.find();
    if ('path' in found) return { path: found.path, from: attempt.name };
    tried.push(`${attempt.name}: ${found.missing}`);
  }
  throw new NoTemporal(tried);
}
