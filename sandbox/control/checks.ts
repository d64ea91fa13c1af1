import type { Json } from '../views/json.ts';
import { ControlError } from './handler.ts';

/** Of each known field, whether a value fits, and what is said where it does not. */
export type FieldChecks = Readonly<
  Record<string, readonly [fits: (value: unknown) => boolean, must: string]>
>;

export function isHash(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether it is an object with known fields alone, and a value in each that fits. */
export function checkFields(
  name: string,
  given: unknown,
  checks: FieldChecks,
  kind = `field of ${name}`,
): void {
  if (!isHash(given)) throw new ControlError(`${name} must be an object`);
  for (const [key, value] of Object.entries(given)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (!check) throw new ControlError(`unknown ${kind}: ${key}`);
    const [fits, must] = check;
    if (!fits(value)) throw new ControlError(`${name}.${key} ${must}`);
  }
}
