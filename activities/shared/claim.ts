import type { NotClaimed, OperationOutcome } from '../../contract/operations.ts';
import type { CreationStamp } from '../../domain/commands/operation-stamp.ts';
import { REQUEST_HASH } from '../../domain/commands/operation-stamp.ts';
import type { Metadata, OperationIdentity } from '../../domain/ids.ts';
import { claimKey, isMadeBy, METADATA_KEYS_MAX, marksOf } from '../../domain/ids.ts';
import { isMadeByAnother, ownerIn } from '../../domain/owners.ts';
import { classify } from '../../stripe/errors.ts';

interface Claimable {
  readonly id: string;
  readonly metadata?: Metadata;
}

/** An object at Stripe that an operator names as the effect of an operation. */
interface Named<T extends Claimable> {
  retrieve(): Promise<T>;
  /** Whether it is what the operation was to make. */
  isLike(found: T): boolean | Promise<boolean>;
  mark(metadata: Record<string, string>, options: { readonly idempotencyKey: string }): Promise<unknown>;
  outcome(found: T): OperationOutcome | Promise<OperationOutcome>;
}

/** Each key that is spent needs one more: somebody has taken a mark off that was made under it. */
const MARKS_MAX = 3;

/**
 * Takes what somebody made by hand for the effect of an operation. It gets the marks of what Waybill makes itself, so that it is the effect
 * of no other operation, whatever order, transfer or payout that belongs to: of two that ask at once Stripe refuses one, as of two
 * adoptions. Null: it is not what the operation was to make.
 */
export async function claim<T extends Claimable>(
  operation: OperationIdentity & Partial<Pick<CreationStamp, 'requestHash'>>,
  { retrieve, isLike, mark, outcome }: Named<T>,
): Promise<OperationOutcome | NotClaimed | null> {
  const { requestHash } = operation;
  const marks = { ...marksOf(operation), ...(requestHash ? { [REQUEST_HASH]: requestHash } : {}) };
  for (let marked = 0; ; marked += 1) {
    const found = await retrieve();
    if (!(await isLike(found))) return null;
    if (isMadeBy(operation, found.metadata)) return outcome(found);
    const why = whyNot(operation, found, marks) ?? (marked === MARKS_MAX ? cannotBeMarked(found) : null);
    if (why) return { type: 'not_claimed', why };
    await unlessKeyUsed(() => mark(marks, { idempotencyKey: claimKey(found.id, marked) }));
  }
}

function whyNot(
  operation: OperationIdentity,
  { id, metadata }: Claimable,
  marks: Readonly<Record<string, string>>,
): string | null {
  if (isMadeByAnother(operation, metadata)) {
    return `${id} is ${ownerIn(metadata)} already: each operation has an effect of its own.`;
  }
  const keys = Object.keys(metadata ?? {}).length;
  if (Object.keys({ ...metadata, ...marks }).length <= METADATA_KEYS_MAX) return null;
  return `${id} has ${keys} metadata keys, and Waybill adds ${Object.keys(marks).join(', ')}: more than Stripe takes. Remove some first.`;
}

function cannotBeMarked({ id }: Claimable): string {
  return `${id} could not be marked: its metadata are being changed. Try again.`;
}

/** Another operation was first, or a mark that was made under it has been taken off; the next read shows which. */
export async function unlessKeyUsed(mark: () => Promise<unknown>): Promise<void> {
  try {
    await mark();
  } catch (error) {
    if (classify(error).problemCode !== 'idempotency_key_reused') throw error;
  }
}
