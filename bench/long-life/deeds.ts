/** One thing that is asked of the order, or done to it in the Dashboard. */
export type Deed =
  | { readonly kind: 'command'; readonly path: string; readonly body: object; readonly status: number }
  | { readonly kind: 'transfer' }
  | { readonly kind: 'reversal' }
  | { readonly kind: 'outside_refund' }
  /** The request before it, under its key. */
  | { readonly kind: 'repeat' };

/** Minor units, each time. */
export const REFUNDED = 1;
export const TRANSFERRED = 4;
export const REVERSED = 1;

const metadata = (n: number) => command('', { metadata: { [`key_${n % 7}`]: `value ${n}` } }, 200);
const refund = (_: number) => command('/refunds', { amount: REFUNDED }, 200);
const tooMuch = (_: number) => command('/refunds', { amount: 99_999_999 }, 422);
const tooLate = (_: number) => command('/capture', {}, 409);

/** What a busy order lives through, over and over. */
const ROUND: readonly ((n: number) => Deed)[] = [
  refund,
  metadata,
  tooMuch,
  () => ({ kind: 'transfer' }),
  () => ({ kind: 'repeat' }),
  metadata,
  tooLate,
  () => ({ kind: 'reversal' }),
  metadata,
  () => ({ kind: 'repeat' }),
];
/** So many deeds apart somebody refunds in the Dashboard. */
const OUTSIDE_EVERY = 50;

/** The deed of that number, counted from 0. */
export function deedOf(n: number): Deed {
  if (n % OUTSIDE_EVERY === OUTSIDE_EVERY - 1) return { kind: 'outside_refund' };
  return (ROUND[n % ROUND.length] ?? refund)(n);
}

function command(path: string, body: object, status: number): Deed {
  return { kind: 'command', path, body, status };
}
