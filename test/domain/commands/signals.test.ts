import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignalKind } from '../../../domain/commands/signals.ts';
import { commandFromSignal, stripeEventFromSignal } from '../../../domain/commands/signals.ts';

const kinds: readonly SignalKind[] = [
  'capture',
  'increment',
  'cancel',
  'refund',
  'transfer',
  'reverse_transfer',
  'accept_dispute',
  'resolve',
];
const who = { requestId: 'ticket-1', actor: 'ada' };
const envelope = {
  commandId: 'sig_ticket-1',
  requestId: 'ticket-1',
  requestHash: 'sig_ticket-1',
  actor: 'ada (via temporal)',
};

describe('a signal typed by hand', () => {
  it.each<[SignalKind, object, object]>([
    ['capture', {}, { amount: null, final: true }],
    ['capture', { amount: 500, final: false }, { amount: 500, final: false }],
    ['increment', { amount: 1500 }, { amount: 1500 }],
    ['accept_dispute', {}, {}],
    ['cancel', {}, { reason: null }],
    ['cancel', { reason: 'duplicate' }, { reason: 'duplicate' }],
    ['refund', {}, { amount: null, reverseTransfer: false, refundApplicationFee: false, reason: null }],
    [
      'refund',
      { amount: 5, reverse_transfer: true, refund_application_fee: true, reason: 'fraudulent' },
      { amount: 5, reverseTransfer: true, refundApplicationFee: true, reason: 'fraudulent' },
    ],
    ['refund', { amount: null }, { amount: null }],
    ['transfer', { amount: 5 }, { amount: 5, destination: null, description: null }],
    [
      'transfer',
      { amount: 5, destination: 'acct_1', description: 'bonus' },
      { amount: 5, destination: 'acct_1', description: 'bonus' },
    ],
    ['reverse_transfer', { transfer: 'tr_1' }, { transfer: 'tr_1', amount: null, reason: null }],
    [
      'reverse_transfer',
      { transfer: 'tr_1', amount: 5, reason: 'paid twice' },
      { transfer: 'tr_1', amount: 5, reason: 'paid twice' },
    ],
    [
      'resolve',
      { action: 'retry', reason: 'up again' },
      { action: 'retry', stripeId: null, reason: 'up again' },
    ],
    [
      'resolve',
      { action: 'mark_done', stripe_id: 're_1', reason: 'seen' },
      { action: 'mark_done', stripeId: 're_1', reason: 'seen' },
    ],
  ])('%s %o is that command', (kind, fields, body) => {
    const { command, refusal } = commandFromSignal(kind, { ...who, ...fields });
    expect(refusal).toBeNull();
    expect(command).toMatchObject({ kind, ...envelope, ...body });
  });

  it('shows a name as a claim, which no API key can have', () => {
    const { command } = commandFromSignal('refund', { requestId: 'a', actor: 'dev_read' });
    expect(command?.actor).toBe('dev_read (via temporal)');
  });

  it('comes from `temporal` when nobody gave a name', () => {
    expect(commandFromSignal('capture', { requestId: 'a' }).command?.actor).toBe('temporal');
  });

  it.each<[SignalKind, unknown, string]>([
    ['capture', undefined, 'one JSON object'],
    ['capture', null, 'one JSON object'],
    ['capture', 'all of it', 'one JSON object'],
    ['capture', [], 'one JSON object'],
    ['capture', {}, 'requestId must be'],
    ['capture', { requestId: '' }, 'requestId must be'],
    ['capture', { requestId: 7 }, 'requestId must be'],
    ['capture', { requestId: 'x'.repeat(101) }, 'requestId must be a string of 1 to 100 characters'],
    ['capture', { ...who, actor: '' }, 'actor must be'],
    ['capture', { ...who, actor: 'x'.repeat(101) }, 'actor must be a string of 1 to 100 characters'],
    ['capture', { ...who, actor: 'a\ud83c' }, 'actor must be well-formed Unicode'],
    ['capture', { ...who, '\ud83c': 5 }, 'The name of a field must be well-formed Unicode'],
    ['resolve', { ...who, action: 'retry', reason: 'a\0b' }, 'reason must have no control characters'],
    [
      'transfer',
      { ...who, amount: 5, description: '4242 4242 4242 4242' },
      'description must not contain a card number',
    ],
    ['capture', { ...who, ammount: 5 }, 'Unknown field: ammount.'],
    ['capture', { ...who, reverse_transfer: true }, 'Unknown field: reverse_transfer.'],
    ['capture', JSON.parse('{"requestId": "a", "__proto__": {"amount": 5}}'), 'Unknown field: __proto__.'],
    ['capture', { ...who, amount: '5' }, 'amount must be a positive integer'],
    ['capture', { ...who, amount: 1.5 }, 'amount must be a positive integer'],
    ['capture', { ...who, amount: 0 }, 'amount must be a positive integer'],
    ['capture', { ...who, amount: -5 }, 'amount must be a positive integer'],
    ['capture', { ...who, amount: 2 ** 60 }, 'amount must be a positive integer'],
    ['increment', who, 'amount must be a positive integer'],
    ['accept_dispute', { ...who, amount: 5 }, 'Unknown field: amount.'],
    ['cancel', { ...who, reason: 'bored' }, 'reason must be one of duplicate, fraudulent'],
    ['refund', { ...who, reverse_transfer: 'yes' }, 'reverse_transfer must be true or false'],
    ['refund', { ...who, refund_application_fee: 1 }, 'refund_application_fee must be true or false'],
    ['refund', { ...who, reason: 'abandoned' }, 'reason must be one of'],
    ['transfer', who, 'amount must be a positive integer'],
    ['reverse_transfer', { ...who, amount: 5 }, 'transfer must be'],
    ['transfer', { ...who, amount: 5, description: 'x'.repeat(501) }, 'description must be'],
    [
      'resolve',
      { ...who, reason: 'r' },
      'action must be one of retry, retry_with_new_key, mark_done, abandon',
    ],
    ['resolve', { ...who, action: 'retry' }, 'reason must be'],
  ])('%s %o is refused, by name: %s', (kind, raw, detail) => {
    const { command, refusal } = commandFromSignal(kind, raw);
    expect(command).toBeNull();
    expect(refusal).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining(detail) });
  });

  it('counts characters, of which an emoji is one', () => {
    const reason = '🎉'.repeat(500);
    expect(commandFromSignal('resolve', { ...who, action: 'retry', reason }).refusal).toBeNull();
  });

  it('tells the first of several mistakes', () => {
    const { refusal } = commandFromSignal('refund', { amount: 'x', reason: 'y', z: 1 });
    expect(refusal?.detail).toMatch(/^requestId must be/);
  });
});

describe('a hint that something happened at Stripe', () => {
  const hint = { eventId: 'evt_1', eventType: 'charge.updated' };

  it('names the event', () => {
    expect(stripeEventFromSignal({ ...hint, more: 1 })).toEqual(hint);
  });

  it.each([
    undefined,
    null,
    'evt_1',
    [],
    {},
    { eventId: 'evt_1' },
    { ...hint, eventId: 7 },
    { ...hint, eventType: '' },
    { ...hint, eventType: 'charge.\udf89' },
  ])('is none in %j', (raw) => {
    expect(stripeEventFromSignal(raw)).toBeNull();
  });
});

describe('any JSON at all', () => {
  const anyKind = fc.constantFrom(...kinds);
  const field = fc.constantFrom('requestId', 'amount', 'reason', 'action', 'actor', 'reverse_transfer', 'x');
  const nearly = fc.dictionary(field, fc.oneof(fc.jsonValue(), fc.constantFrom('retry', 'duplicate', 5)));

  it('is either a command or a refusal, and never an exception', () => {
    fc.assert(
      fc.property(anyKind, fc.oneof(fc.jsonValue(), nearly), (kind, raw) => {
        const { command, refusal } = commandFromSignal(kind, raw);
        expect((command === null) !== (refusal === null)).toBe(true);
        if (command) expect(command.commandId).toBe(`sig_${command.requestId}`);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same command when it is sent again', () => {
    fc.assert(
      fc.property(anyKind, nearly, (kind, raw) => {
        expect(commandFromSignal(kind, structuredClone(raw))).toEqual(commandFromSignal(kind, raw));
      }),
    );
  });
});
