/** Some of an object's fields, by their names in the API. Amounts in minor units. */
export type Facts = Readonly<Record<string, unknown>>;

/** What Waybill shows of an object, what Stripe has, and what was asked for. Each says only what must agree. */
export interface Held {
  readonly shown: Facts;
  readonly there: Facts;
  readonly asked: Facts;
}

/** Where the three differ, in words. */
export function differencesOf(name: string, { shown, there, asked }: Held): string[] {
  const facts = new Set([...Object.keys(there), ...Object.keys(asked)]);
  return [...facts].flatMap((fact) => {
    const shows = worded(shown[fact]);
    const others = [
      ...(fact in there && worded(there[fact]) !== shows ? [`Stripe has ${worded(there[fact])}`] : []),
      ...(fact in asked && worded(asked[fact]) !== shows ? [`expected ${worded(asked[fact])}`] : []),
    ];
    return others.length === 0 ? [] : [`${name} shows ${fact} ${shows}, ${others.join(', ')}`];
  });
}

/** The same words for the same value; absent is not null. */
export function worded(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** An object of some of its facts. */
export function picked(facts: Facts, names: readonly string[]): Facts {
  return Object.fromEntries(names.map((name) => [name, facts[name]]));
}
