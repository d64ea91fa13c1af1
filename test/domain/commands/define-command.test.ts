import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf, refusalOfReuse } from '../../../domain/commands/define-command.ts';
import { ORDER_COMMANDS } from '../../../domain/orders/order-command-table.ts';
import { TRANSFER_COMMANDS } from '../../../domain/orders/transfer-command-table.ts';
import { PAYOUT_COMMANDS } from '../../../domain/payouts/payout-command-table.ts';
import { envelope } from '../../support/builders.ts';

type Kind = keyof typeof ORDER_COMMANDS;
const who = { request_id: 'ticket-1', actor: 'ada' };
const byHand = {
  commandId: 'sig_ticket-1',
  requestId: 'ticket-1',
  requestHash: expect.stringMatching(/^[0-9a-f]{32}$/),
  actor: 'ada (via temporal)',
};

describe('a command typed by hand', () => {
  it.each<[Kind, object, object]>([
    ['capture', {}, { final: true }],
    ['capture', { amount: 500, final: false }, { amount: 500, final: false }],
    ['capture', { reason: 'shipped' }, { final: true, reason: 'shipped' }],
    ['increment', { amount: 1500 }, { amount: 1500 }],
    ['increment', { amount: 1500, reason: 'a tip' }, { amount: 1500, reason: 'a tip' }],
    ['accept_dispute', {}, {}],
    ['accept_dispute', { reason: 'it was broken' }, { reason: 'it was broken' }],
    ['cancel', {}, {}],
    ['cancel', { reason: 'duplicate' }, { reason: 'duplicate' }],
    ['confirm', { token: 'tok_visa' }, { token: 'tok_visa' }],
    ['refund', {}, { reverse_transfer: false, refund_application_fee: false }],
    [
      'refund',
      { amount: 5, reverse_transfer: true, refund_application_fee: true, reason: 'fraudulent' },
      { amount: 5, reverse_transfer: true, refund_application_fee: true, reason: 'fraudulent' },
    ],
    [
      'transfer',
      { amount: 5, destination: 'acct_1', description: 'bonus', reason: 'she was fast' },
      { amount: 5, destination: 'acct_1', description: 'bonus', reason: 'she was fast' },
    ],
    ['reverse_transfer', { transfer: 'tr_1' }, { transfer: 'tr_1' }],
    ['submit_evidence', { fields: ['receipt'], submit: true }, { fields: ['receipt'], submit: true }],
    [
      'submit_evidence',
      { fields: [], submit: true, reason: 'it arrived' },
      { fields: [], submit: true, reason: 'it arrived' },
    ],
    ['resolve', { action: 'retry', reason: 'up again' }, { action: 'retry', reason: 'up again' }],
    [
      'resolve',
      { action: 'mark_done', stripe_id: 're_1', reason: 'seen' },
      { action: 'mark_done', stripe_id: 're_1', reason: 'seen' },
    ],
  ])('%s %o is that command, as a signal and as an update', (kind, fields, body) => {
    const { fromSignal, fromUpdate } = ORDER_COMMANDS[kind];
    const expected = { value: { kind, ...byHand, ...body }, refusal: null };
    expect(fromSignal({ ...who, ...fields })).toEqual(expected);
    expect(fromUpdate({ ...who, ...fields })).toEqual(expected);
  });

  it('shows a name as a claim, which no API key can have', () => {
    const { value } = ORDER_COMMANDS.refund.fromSignal({ request_id: 'a', actor: 'dev_read' });
    expect(value?.actor).toBe('dev_read (via temporal)');
  });

  it('takes the longest name again from a request that came through Temporal', () => {
    const { value } = ORDER_COMMANDS.capture.fromSignal({ request_id: 'a', actor: 'x'.repeat(100) });
    const actor = value?.actor ?? '';
    const again = { request_id: 'a', actor, command_id: 'cmd_1', request_hash: 'hash' };
    expect(ORDER_COMMANDS.capture.fromUpdate(again).value).toMatchObject({ actor });
  });

  it.each<[Kind, unknown, string]>([
    ['capture', undefined, 'The body is required.'],
    ['capture', null, 'The body must be an object, not null.'],
    ['capture', 'all of it', 'The body must be an object, not a string.'],
    ['capture', [], 'The body must be an object, not an array.'],
    ['capture', {}, 'request_id is required.'],
    ['capture', { ...who, request_id: '' }, 'request_id must not be empty.'],
    ['capture', { ...who, request_id: 7 }, 'request_id must be a string, not a number.'],
    ['capture', { ...who, request_id: 'x'.repeat(101) }, 'request_id must have at most 100 characters.'],
    ['capture', { request_id: 'a' }, 'actor is required.'],
    ['capture', { ...who, actor: 'x'.repeat(101) }, 'actor must have at most 100 characters.'],
    ['capture', { ...who, actor: 'a\ud83c' }, 'actor must be well-formed Unicode'],
    ['capture', { ...who, '\ud83c': 5 }, 'has a field whose name must be well-formed Unicode'],
    ['capture', { ...who, command_id: 'cmd_1' }, 'Unknown field: command_id.'],
    ['capture', { ...who, ammount: 5 }, 'Unknown field: ammount.'],
    ['capture', { ...who, reverse_transfer: true }, 'Unknown field: reverse_transfer.'],
    ['capture', JSON.parse('{"request_id":"a","actor":"b","__proto__":{"amount":5}}'), '__proto__'],
    ['capture', { ...who, amount: '5' }, 'amount must be a number, not a string.'],
    ['capture', { ...who, amount: null }, 'amount must be a number, not null.'],
    ['capture', { ...who, amount: 1.5 }, 'amount must be an integer number of minor units'],
    ['capture', { ...who, amount: 0 }, 'amount must be greater than 0.'],
    ['capture', { ...who, amount: 2 ** 60 }, 'amount must be'],
    ['capture', { ...who, final: 'no' }, 'final must be a boolean, not a string.'],
    ['capture', { ...who, reason: '' }, 'reason must not be empty.'],
    ['capture', { ...who, reason: 'x'.repeat(501) }, 'reason must have at most 500 characters.'],
    ['increment', { ...who, amount: 5, reason: 'a\ud83c' }, 'reason must be well-formed Unicode'],
    [
      'accept_dispute',
      { ...who, reason: 'paid by 4242 4242 4242 4242' },
      'reason must not contain a card number',
    ],
    ['confirm', { ...who, token: 'tok_1', payment_method: 'pm_1' }, 'token cannot be given together with'],
    ['increment', who, 'amount is required.'],
    ['cancel', { ...who, reason: 'bored' }, 'reason must be one of duplicate, fraudulent'],
    ['refund', { ...who, refund_application_fee: 1 }, 'refund_application_fee must be a boolean'],
    ['refund', { ...who, reason: 'abandoned' }, 'reason must be one of'],
    ['transfer', { ...who, amount: 5 }, 'description is required.'],
    ['transfer', { ...who, amount: 5, description: '4242 4242 4242 4242' }, 'must not contain a card number'],
    ['reverse_transfer', { ...who, amount: 5 }, 'transfer is required.'],
    ['resolve', { ...who, action: 'shrug', reason: 'r' }, 'action must be one of retry, retry_with_new_key'],
    ['resolve', { ...who, action: 'retry' }, 'reason is required.'],
    ['resolve', { ...who, action: 'retry', reason: ' ' }, 'reason must not be blank.'],
    ['resolve', { ...who, action: 'retry', reason: 'a\0b' }, 'reason must have no control characters'],
  ])('%s %o is refused: %s', (kind, raw, detail) => {
    const { value, refusal } = ORDER_COMMANDS[kind].fromSignal(raw);
    expect(value).toBeNull();
    expect(refusal).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining(detail) });
  });

  it('is refused with every field that is wrong, whoever sends it included', () => {
    const { refusal } = ORDER_COMMANDS.refund.fromSignal({ request_id: 'a\0', amount: 'x', z: 1 });
    expect(refusal?.errors?.map(({ param }) => param)).toEqual(['request_id', 'amount', 'z']);
  });

  it('of a payout or a transfer knows no other fields', () => {
    expect(PAYOUT_COMMANDS.cancel.fromSignal(who).value).toEqual({ kind: 'cancel', ...byHand });
    const reasoned = { kind: 'cancel', ...byHand, reason: 'the bank moved' };
    expect(PAYOUT_COMMANDS.cancel.fromSignal({ ...who, reason: 'the bank moved' }).value).toEqual(reasoned);
    expect(PAYOUT_COMMANDS.cancel.fromSignal({ ...who, amount: 5 }).refusal?.detail).toContain('amount');
    expect(TRANSFER_COMMANDS.reverse_transfer.fromUpdate({ ...who, amount: 5 }).value).toMatchObject({
      amount: 5,
    });
  });
});

describe('the message of a command that came by the API', () => {
  it('brings its ids and the name of its key', () => {
    const message = messageOf(envelope('cmd_1'), { amount: 5 });
    expect(ORDER_COMMANDS.refund.fromUpdate(message).value).toMatchObject({
      ...envelope('cmd_1'),
      amount: 5,
    });
  });

  it('brings what its key may move out in a day', () => {
    const limited = envelope('cmd_1', { perDay: { refund: { count: 2 } } });
    const message = messageOf(limited, { amount: 5 });
    expect(ORDER_COMMANDS.refund.fromUpdate(message).value).toMatchObject(limited);
    for (const per_day of ['usd:500', null]) {
      const { refusal } = ORDER_COMMANDS.refund.fromUpdate({ ...message, per_day });
      expect(refusal).toMatchObject({ code: 'invalid_request', param: 'per_day' });
    }
  });

  it('without a hash gets one of what it asks for', () => {
    const cancel = { ...who, command_id: 'cmd_1' };
    const { value } = ORDER_COMMANDS.cancel.fromUpdate(cancel);
    expect(value).toMatchObject({ commandId: 'cmd_1', requestHash: byHand.requestHash, actor: 'ada' });
    const other = ORDER_COMMANDS.cancel.fromUpdate({ ...cancel, reason: 'duplicate' }).value;
    expect(other?.requestHash).not.toBe(value?.requestHash);
  });
});

describe('a request id that was used before', () => {
  const sent = (kind: Kind, fields: object) => {
    const { value } = ORDER_COMMANDS[kind].fromSignal({ ...who, ...fields });
    if (!value) throw new Error('It is refused.');
    return value;
  };
  const first = sent('update', { metadata: { a: '1', b: '2' } });

  it('of the same message is a repeat, however its fields are ordered', () => {
    const again = { metadata: { b: '2', a: '1' }, actor: 'ada' };
    expect(refusalOfReuse(first, sent('update', again))).toBeNull();
  });

  it.each<[string, ReturnType<typeof sent>]>([
    ['another command', sent('capture', {})],
    ['other fields', sent('update', { metadata: { a: '1' } })],
    ['another person', sent('update', { metadata: { a: '1', b: '2' }, actor: 'bob' })],
  ])('is refused for %s', (_, other) => {
    expect(refusalOfReuse(first, other)).toMatchObject({
      code: 'idempotency_key_reused',
      detail: 'The request_id ticket-1 was used before for another request.',
      param: 'request_id',
    });
  });

  it('is the Idempotency-Key for whoever came by the API', () => {
    const [one, other] = [envelope('cmd_1'), envelope('cmd_1', { requestHash: 'another' })];
    expect(refusalOfReuse(one, one)).toBeNull();
    expect(refusalOfReuse(one, other)).toMatchObject({ param: 'Idempotency-Key' });
  });
});

describe('any JSON at all', () => {
  const anyKind = fc.constantFrom(...(Object.keys(ORDER_COMMANDS) as Kind[]));
  const name = fc.constantFrom('request_id', 'amount', 'reason', 'action', 'actor', 'reverse_transfer', 'x');
  const nearly = fc.dictionary(name, fc.oneof(fc.jsonValue(), fc.constantFrom('retry', 'duplicate', 5)));

  it('is either a command or a refusal, and never an exception', () => {
    fc.assert(
      fc.property(anyKind, fc.oneof(fc.jsonValue(), nearly), (kind, raw) => {
        const { value, refusal } = ORDER_COMMANDS[kind].fromSignal(raw);
        expect((value === null) !== (refusal === null)).toBe(true);
        if (value) expect(value.commandId).toBe(`sig_${value.requestId}`);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same command when it is sent again', () => {
    fc.assert(
      fc.property(anyKind, nearly, (kind, raw) => {
        const { fromSignal } = ORDER_COMMANDS[kind];
        expect(fromSignal(structuredClone(raw))).toEqual(fromSignal(raw));
      }),
    );
  });
});
