import type { Command, OptionValues } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { amountIn } from '../amounts.ts';
import type { DayLimit, Key } from '../keys/key-file.ts';
import { changeKeys, isActive, newKey, readKeys } from '../keys/key-file.ts';
import { given } from '../lists.ts';
import { note, print, printJson, printTable } from '../output.ts';
import { choice, wholeNumber } from '../perform.ts';
import { doesLocally } from '../run.ts';

const ROLES = ['read', 'service', 'ops'];
const LIMITS = [
  'account',
  'refund-max',
  'transfer-max',
  'payout-max',
  'refunds-per-day',
  'transfers-per-day',
  'payouts-per-day',
];
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Other actors in timelines: the API takes no file with a key of such a name. */
const OTHER_ACTORS = ['anonymous', 'stripe', 'temporal', 'waybill'];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OVERLAP_HOURS = 24;

/** The API's keys, in the file that it reads: no request is sent. */
export function addKeys(program: Command): void {
  const keys = program
    .command('keys')
    .description("the API's keys, in its file: create, list, change, rotate, revoke")
    .addOption(
      new Option('--file <path>', "the API's file of keys")
        .env('WAYBILL_API_KEYS_FILE')
        .makeOptionMandatory(),
    );
  const fileOf = () => String(keys.opts().file);

  const create = withLimits(keys.command('create'))
    .argument('<name>', 'who calls: the actor in timelines, and the scope of every Idempotency-Key')
    .addOption(choice('--role <role>', 'what it may do', ROLES).makeOptionMandatory())
    .option('--expires-in <days>', 'the day after which it is refused', wholeNumber)
    .description('make a key, and print its secret this once');
  doesLocally(create, ({ json }, [name = ''], { role, expiresIn, ...confined }) => {
    if (!NAME.test(name)) throw new Error('a name has 1 to 64 letters, digits, dots, dashes or underscores');
    if (OTHER_ACTORS.includes(name)) throw new Error(`${name} is another actor's name: choose another`);
    const expires = expiresIn === undefined ? undefined : timeIn(expiresIn * DAY_MS);
    const scope = unlessEmpty(scopeOf(confined));
    const made = changeKeys(fileOf(), (known) => {
      if (known.some((key) => key.name === name && isActive(key))) {
        throw new Error(`a key ${name} exists: rotate it, or choose another name`);
      }
      const { secret, key } = newKey(given({ name, role, expires, scope }));
      return { keys: [...known, key], secret, key };
    });
    show(json, made.key, made.secret);
  });

  const list = keys.command('list').description('all keys, without their secrets');
  doesLocally(list, ({ json }) => {
    const known = readKeys(fileOf());
    if (json) return printJson({ data: known.map(({ sha256: _, ...key }) => key) });
    printTable(
      ['id', 'name', 'role', 'state', 'created', 'expires', 'scope'],
      known.map((key) => [
        key.id,
        key.name,
        key.role,
        stateOf(key),
        key.created,
        key.expires,
        key.scope && JSON.stringify(key.scope),
      ]),
    );
  });

  const change = withLimits(keys.command('change'))
    .argument('<name>', 'of the key')
    .option('--lift <limit…>', `takes a limit away: ${LIMITS.join(', ')}; may be repeated`, lifted)
    .description('give a key other limits, under the secrets that it has; what is not named stays');
  doesLocally(change, ({ json }, [name = ''], { lift = [], ...limits }) => {
    const named = [...Object.keys(limits), ...lift.map(camelCase)];
    if (named.length === 0) throw new Error('name a limit to set, or one to --lift');
    const twice = named.find((one, at) => named.indexOf(one) !== at);
    if (twice !== undefined) throw new Error(`${twice} cannot be set and lifted at once`);
    const { changed } = changeKeys(fileOf(), (known) => {
      const isMeant = (key: Key) => key.name === name && isActive(key);
      if (!known.some(isMeant)) throw new Error(`no key ${name} is active`);
      const keys = known.map((key) => (isMeant(key) ? withScope(key, limits, lift) : key));
      return { keys, changed: keys.filter(isMeant) };
    });
    if (json) return printJson({ data: changed.map(({ sha256: _, ...key }) => key) });
    note(`${name} is confined to ${changed[0]?.scope ? JSON.stringify(changed[0].scope) : 'nothing'}`);
  });

  const rotate = keys
    .command('rotate')
    .argument('<name>', 'of the key')
    .option(
      '--overlap <hours>',
      'how long the old secret works beside the new one',
      wholeNumber,
      OVERLAP_HOURS,
    )
    .description('give a key another secret under the same name, and print it this once');
  doesLocally(rotate, ({ json }, [name = ''], { overlap }) => {
    const end = timeIn(overlap * HOUR_MS);
    const made = changeKeys(fileOf(), (known) => {
      const newest = known.findLast((key) => key.name === name && isActive(key));
      if (!newest) throw new Error(`no key ${name} is active`);
      const { id: _, sha256: __, created: ___, expires: ____, ...kept } = newest;
      const { secret, key } = newKey({ ...kept, ...given({ expires: endOf(newest, known) }) });
      const old = known.map((one) =>
        one.name === name ? { ...one, expires: earlier(one.expires, end) } : one,
      );
      return { keys: [...old, key], secret, key };
    });
    show(json, made.key, made.secret);
  });

  const revoke = keys
    .command('revoke')
    .argument('<id or name>', 'one secret (key_…), or all of a name')
    .description('refuse a key from now on, its sessions in the console too');
  doesLocally(revoke, ({ json }, [which = '']) => {
    const revoked = new Date().toISOString();
    const isMeant = (key: Key) => (key.id === which || key.name === which) && isActive(key);
    const { ended } = changeKeys(fileOf(), (known) => {
      if (!known.some(isMeant)) throw new Error(`no key ${which} is active`);
      const keys = known.map((key) => (isMeant(key) ? { ...key, revoked } : key));
      return { keys, ended: known.filter(isMeant).map(({ id }) => id) };
    });
    if (json) return printJson({ revoked: ended });
    note(`Revoked: ${ended.join(', ')}`);
  });
}

/** What confines a key, as options. */
function withLimits(command: Command): Command {
  return command
    .option('--account <acct…>', 'acts for these connected accounts only; may be repeated', collected)
    .option('--refund-max <usd:5000>', 'the most that one refund may give back, by currency', amounts)
    .option('--transfer-max <usd:5000>', 'the same of a special-case transfer', amounts)
    .option('--payout-max <usd:5000>', 'the same of a payout', amounts)
    .option('--refunds-per-day <usd:50000,count:20>', 'what all its refunds of a day may come to', dayLimit)
    .option('--transfers-per-day <usd:50000,count:20>', 'the same of special-case transfers', dayLimit)
    .option('--payouts-per-day <usd:50000,count:20>', 'the same of payouts', dayLimit);
}

function withScope({ scope: known, ...key }: Key, limits: OptionValues, lift: readonly string[]): Key {
  const kept = Object.entries({ ...optionsOf(known), ...limits }).filter(
    ([name]) => !lift.some((limit) => camelCase(limit) === name),
  );
  const scope = unlessEmpty(scopeOf(Object.fromEntries(kept)));
  return { ...key, ...given({ scope }) };
}

/** The options that would confine a key so. */
function optionsOf(scope: Key['scope']): OptionValues {
  return given({
    account: scope?.accounts,
    refundMax: scope?.refund_max,
    transferMax: scope?.transfer_max,
    payoutMax: scope?.payout_max,
    refundsPerDay: scope?.per_day?.refund,
    transfersPerDay: scope?.per_day?.transfer,
    payoutsPerDay: scope?.per_day?.payout,
  });
}

function camelCase(option: string): string {
  return option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function lifted(limit: string, others: readonly string[] = []): readonly string[] {
  if (!LIMITS.includes(limit)) throw new InvalidArgumentError(`one of ${LIMITS.join(', ')}.`);
  return [...others, limit];
}

/** What the options of `create` confine a key to. */
function scopeOf(options: OptionValues) {
  const { refundsPerDay: refund, transfersPerDay: transfer, payoutsPerDay: payout } = options;
  return given({
    accounts: options.account,
    refund_max: options.refundMax,
    transfer_max: options.transferMax,
    payout_max: options.payoutMax,
    per_day: unlessEmpty(given({ refund, transfer, payout })),
  });
}

function unlessEmpty<T extends object>(fields: T): T | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields;
}

/** The secret alone goes to stdout, so that it can be stored without being read. */
function show(json: boolean, { sha256: _, ...key }: Key, secret: string): void {
  if (json) {
    printJson({ ...key, secret });
    return;
  }
  note(`${key.id} for ${key.name} (${key.role}). Its secret is shown this once:`);
  print(secret);
}

function collected(account: string, others: readonly string[] = []): readonly string[] {
  if (!/^acct_\w+$/.test(account))
    throw new InvalidArgumentError("Stripe's id of a connected account: acct_….");
  return [...others, account];
}

/** `usd:5000,eur:4500`. */
function amounts(text: string): Record<string, number> {
  const items = text.split(',');
  const read = items.flatMap((item) => amountIn(item) ?? []);
  if (read.length < items.length)
    throw new InvalidArgumentError('currency:amount in minor units: usd:5000,eur:4500.');
  const byCurrency = Object.fromEntries(read.map(({ currency, amount }) => [currency, amount]));
  if (Object.keys(byCurrency).length < read.length) throw new InvalidArgumentError('each currency once.');
  return byCurrency;
}

/** `usd:50000,eur:45000,count:20`. */
function dayLimit(text: string): DayLimit {
  const items = text.split(',');
  const counts = items.filter((item) => item.startsWith('count:'));
  const sums = items.filter((item) => !item.startsWith('count:'));
  if (counts.length > 1 || (counts[0] && !/^count:\d{1,9}$/.test(counts[0])))
    throw new InvalidArgumentError('one count:number, such as count:20.');
  return {
    ...(sums.length > 0 ? { max: amounts(sums.join(',')) } : {}),
    ...(counts[0] ? { count: Number(counts[0].slice('count:'.length)) } : {}),
  };
}

function stateOf(key: Key): string {
  if (key.revoked !== undefined) return 'revoked';
  return isActive(key) ? 'active' : 'expired';
}

/** When a key of that name expires. One that an earlier rotation let end, and whose successor was revoked, was to last as long as that one. */
function endOf(newest: Key, known: readonly Key[]): string | undefined {
  const last = known.findLast(({ name }) => name === newest.name) ?? newest;
  const isPast = last.expires !== undefined && Date.parse(last.expires) <= Date.now();
  return isPast ? newest.expires : last.expires;
}

function timeIn(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}

function earlier(one: string | undefined, other: string): string {
  return one !== undefined && Date.parse(one) < Date.parse(other) ? one : other;
}
