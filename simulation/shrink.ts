import type { Result, Script } from './simulate.ts';

/** Runs a script again: its violation, or null. */
export type Rerun = (script: Script) => Promise<string | null>;

/** One thing that a script may do without. */
type Part =
  | { readonly type: 'deed'; readonly order: string; readonly number: number }
  | { readonly type: 'fault'; readonly fault: Script['faults'][number] };

/**
 * Takes out of a failing run whatever it fails without: first halves, then ever smaller pieces, until nothing more can go (delta
 * debugging). `isSame`: whether a violation is still the one that is looked for.
 */
export async function shrink(
  { script, violation }: Result,
  rerun: Rerun,
  isSame = (found: string): boolean => kindOf(found) === kindOf(violation ?? ''),
): Promise<Script> {
  let parts = partsOf(script);
  let pieces = 2;
  while (parts.length > 0) {
    const size = Math.ceil(parts.length / pieces);
    let isSmaller = false;
    for (let from = 0; from < parts.length; from += size) {
      const rest = [...parts.slice(0, from), ...parts.slice(from + size)];
      const found = await rerun(scriptOf(rest, script));
      if (found === null || !isSame(found)) continue;
      parts = rest;
      isSmaller = true;
      break;
    }
    if (isSmaller) pieces = Math.max(2, pieces - 1);
    else if (size === 1) break;
    else pieces = Math.min(parts.length, pieces * 2);
  }
  return withoutIdleOrders(scriptOf(parts, script), rerun, isSame);
}

/** What a violation says apart from its ids and numbers. */
function kindOf(violation: string): string {
  return violation.replace(/\{.*\}/gs, '').replace(/\b(?=\w*\d)[\w-]+/g, 'N');
}

async function withoutIdleOrders(
  script: Script,
  rerun: Rerun,
  isSame: (found: string) => boolean,
): Promise<Script> {
  let left = script;
  for (const order of Object.keys(script.deeds)) {
    const { [order]: _, ...deeds } = left.deeds;
    const smaller = { ...left, deeds };
    const found = await rerun(smaller);
    if (found !== null && isSame(found)) left = smaller;
  }
  return left;
}

function partsOf({ deeds, faults }: Script): Part[] {
  return [
    ...faults.map((fault): Part => ({ type: 'fault', fault })),
    ...Object.entries(deeds).flatMap(([order, numbers]) =>
      numbers.map((number): Part => ({ type: 'deed', order, number })),
    ),
  ];
}

function scriptOf(parts: readonly Part[], whole: Script): Script {
  const deeds = Object.fromEntries(Object.keys(whole.deeds).map((order): [string, number[]] => [order, []]));
  for (const part of parts) if (part.type === 'deed') deeds[part.order]?.push(part.number);
  return { ...whole, deeds, faults: parts.flatMap((part) => (part.type === 'fault' ? [part.fault] : [])) };
}
