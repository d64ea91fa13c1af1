import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** End when every scenario was played, instead of staying up for a look. */
  readonly once: boolean;
  /** The result as one JSON document on stdout, and nothing else there. */
  readonly json: boolean;
}

const USAGE = `npm run demo                     plays every scenario, then stays up for a look
npm run demo -- --once           ends; exit code 0 only if every figure is right
npm run demo -- --once --json    the result as one JSON document on stdout`;

/** Throws, with what there is, for what there is not. */
export function demoOptions(args: readonly string[]): DemoOptions {
  const { once, json } = parsed(args);
  if (json && !once) throw new Error(`--json needs --once.\n\n${USAGE}`);
  return { once, json };
}

function parsed(args: readonly string[]): DemoOptions {
  try {
    const options = {
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const [firstSentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new Error(`${firstSentence}.\n\n${USAGE}`);
  }
}
