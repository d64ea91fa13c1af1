import { parseAmount } from '../lib/money.mjs';

/** The command's body, as the API takes it. `missing`: what is still to be filled in, in words; null: nothing. */
export function bodyOf(fields, values, { currency }) {
  const body = {};
  let missing = null;
  for (const field of fields) {
    const value = valueFor(field, values, currency);
    if (value === INVALID) missing ??= `${field.label} is no amount in ${currency.toUpperCase()}.`;
    else if (value !== undefined) body[field.name] = value;
    else if (field.isRequired) missing ??= `${field.label} is missing.`;
  }
  return { body, missing };
}

const INVALID = Symbol('invalid');

function valueFor({ name, type, isAlwaysSent }, values, currency) {
  const given = values[name];
  switch (type) {
    case 'amount':
      return given ? (parseAmount(given, currency) ?? INVALID) : undefined;
    case 'flag':
      return given || (isAlwaysSent ? false : undefined);
    case 'evidence':
      return given?.text ? { [given.field ?? 'uncategorized_text']: given.text } : undefined;
    default:
      return given?.trim() || undefined;
  }
}
