import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { type AsAccount, asAccount, type asPlatform } from '../../stripe/acting-as.ts';
import type { balanceOf, payoutsOf } from '../../stripe/own-money.ts';

/** Not code of the service: what stands in for Stripe, what runs and measures it, and what is no source at all. */
const OTHERS = new Set(['sandbox', 'dev', 'bench', 'test', 'docs', 'dist', 'coverage', 'node_modules']);
const FOLDERS = readdirSync(projectRoot, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !OTHERS.has(entry.name))
  .map(({ name }) => name);

function whereFound(pattern: RegExp): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`),
  ).filter((file) => pattern.test(readFileSync(join(projectRoot, file), 'utf8')));
}

describe('acting as a connected account', () => {
  it('is looked for in every folder of the service', () => {
    const talking = [
      'activities',
      'api',
      'event-delivery',
      'reconciliation',
      'stripe',
      'stripe-events',
      'temporal',
    ];
    expect(FOLDERS).toEqual(expect.arrayContaining(talking));
  });

  it('is said in one place', () => {
    expect(whereFound(/\bstripeAccount\b/)).toEqual(['stripe/acting-as.ts', 'stripe/own-money.ts']);
  });

  it.each(['payouts', 'balance', 'balanceTransactions'])(
    'or as the platform is said by every use of stripe.%s',
    (resource) => {
      expect(whereFound(new RegExp(`stripe\\.${resource}\\b`))).toEqual([]);
    },
  );

  it('takes no options that somebody put together, and no platform where an account pays out', () => {
    expectTypeOf<{ stripeAccount: string }>().not.toExtend<AsAccount>();
    expectTypeOf<Stripe.RequestOptions>().not.toExtend<AsAccount>();
    expectTypeOf<typeof asPlatform>().not.toExtend<Parameters<typeof payoutsOf>[1]>();
    expectTypeOf<undefined>().not.toExtend<Parameters<typeof balanceOf>[1]>();
    expectTypeOf(asAccount).returns.toExtend<Parameters<typeof payoutsOf>[1]>();
  });

  it('is refused for what is no account', () => {
    expect(() => asAccount('cus_1')).toThrow(TypeError);
    expect(() => asAccount('')).toThrow(TypeError);
  });
});
