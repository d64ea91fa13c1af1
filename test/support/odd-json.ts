import fc from 'fast-check';

/** Deeper than a recursive function may go. */
const DEEP = 20_000;
const PROTO = '@proto@';

/** JSON that parses and that no sender means, as text: `JSON.stringify` cannot write all of it. */
export const oddJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['null', 'true', 'false', '0', '-0', '-1', '0.5', '1e308', '1e999', '9007199254740993'],
    ...['""', '"\\ud800"', '"\\u0000"', '"__proto__"', '"constructor"', '"toString"'],
    ...['[]', '[null]', '["acct_1"]', '[5]', '{}', '{"id":{"id":"x"}}', '{"length":1e9}'],
    ...['{"__proto__":{"id":"x"}}', '{"constructor":null}', '{"toString":null,"valueOf":1}'],
    `"${'x'.repeat(6_000)}"`,
    `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  ),
  fc.json(),
);

interface Change {
  readonly at: number;
  readonly how: string | 'dropped' | 'renamed';
}

const change: fc.Arbitrary<Change> = fc.record({
  // The first places are those of the top level, which decide most.
  at: fc.oneof(fc.nat(9), fc.nat(10_000)),
  how: fc.oneof(fc.constantFrom('dropped', 'renamed'), { arbitrary: oddJson, weight: 3 }),
});

/** The same as JSON, some of its parts dropped, of another kind, or under a key that means something to JavaScript. */
export function withOddParts(whole: object, maxChanges = 4): fc.Arbitrary<string> {
  return fc.array(change, { minLength: 1, maxLength: maxChanges }).map((changes) => changed(whole, changes));
}

function changed(whole: object, changes: readonly Change[]): string {
  const copy = structuredClone(whole) as Record<string, unknown>;
  const odd: string[] = [];
  for (const { at, how } of changes) {
    const places = placesIn(copy);
    const place = places[at % places.length];
    if (!place) break;
    const [of, key] = place;
    const value = of[key];
    if (how === 'dropped' || how === 'renamed') delete of[key];
    if (how === 'renamed') of[PROTO] = value;
    if (how !== 'dropped' && how !== 'renamed') of[key] = `@odd${odd.push(how) - 1}@`;
  }
  return JSON.stringify(copy)
    .replaceAll(PROTO, '__proto__')
    .replaceAll(/"@odd(\d+)@"/g, (_, n) => odd[Number(n)] ?? 'null');
}

/** Every field of every object in it, those of the top level first. */
function placesIn(whole: Record<string, unknown>): [Record<string, unknown>, string][] {
  const places: [Record<string, unknown>, string][] = [];
  const objects = [whole];
  for (const object of objects) {
    for (const [key, value] of Object.entries(object)) {
      places.push([object, key]);
      if (typeof value === 'object' && value !== null) objects.push(value as Record<string, unknown>);
    }
  }
  return places;
}
