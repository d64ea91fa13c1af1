import { describe, expect, it } from 'vitest';
import { metadataBeside, metadataChanges } from '../../../domain/commands/metadata-fields.ts';

const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, 'x']));

describe('metadata beside three keys of Waybill', () => {
  const metadata = metadataBeside({ one: '', two: '', three: '' });

  it.each([
    ['none', {}],
    ['as many as Stripe leaves', keys(47)],
  ])('may be %s', (_, given) => {
    expect(metadata.parse(given)).toEqual(given);
  });

  it.each([
    ['one more', keys(48), 'at most 47 keys'],
    ['a key of Waybill', { waybill_order: 'x' }, 'waybill_'],
    ['a key with brackets', { 'a[b]': 'x' }, 'without square brackets'],
  ])('may not be %s', (_, given, why) => {
    expect(JSON.stringify(metadata.safeParse(given).error?.issues)).toContain(why);
  });
});

describe('a change of metadata', () => {
  const changes = metadataChanges();

  it('takes as many characters as an order does when it is made: an emoji is one', () => {
    const longest = { note: '😀'.repeat(500) };
    for (const schema of [changes, metadataBeside({})]) {
      expect(schema.safeParse(longest).data).toEqual(longest);
      expect(JSON.stringify(schema.safeParse({ note: `${longest.note}!` }).error?.issues)).toContain(
        'must have at most 500 characters',
      );
    }
  });

  it('may remove a key by an empty value', () => {
    expect(changes.parse({ note: '' })).toEqual({ note: '' });
  });

  it.each([
    ['nothing', {}, 'must name a key'],
    ['more keys than Stripe takes', keys(51), 'at most 50 keys'],
  ])('may not be %s', (_, given, why) => {
    expect(JSON.stringify(changes.safeParse(given).error?.issues)).toContain(why);
  });
});
