import { describe, expect, it } from 'vitest';
import { hasCardNumber } from '../../../domain/texts/card-numbers.ts';

describe('a card number in a text', () => {
  it.each([
    ['Visa', '4242424242424242'],
    ['Visa of 13 digits', '4222222222222'],
    ['Mastercard', '5555555555554444'],
    ['Mastercard from 2', '2223003122003222'],
    ['American Express', '378282246310005'],
    ['Diners Club', '36227206271667'],
    ['JCB', '3566002020360505'],
    ['Discover', '6011111111111117'],
    ['UnionPay of 19 digits', '6205500000000000004'],
    ['Maestro', '6759649826438453'],
    ['in groups with spaces', 'paid by 4242 4242 4242 4242, thanks'],
    ['in groups with dashes', '5555-5555-5555-4444'],
    ['in groups of another size', '3782 822463 10005'],
    ['between other numbers', 'order 12 4242 4242 4242 4242 12/34'],
    ['with no-break spaces', '4242\u00a04242\u00a04242\u00a04242'],
    ['after the number of a line', '1.4242424242424242'],
    ['at the end of a sentence', 'the order is 10. 4242424242424242'],
    ['beside signs', 'PAN:4242424242424242;'],
    ['before a word', '4242 4242 4242 4242 5th'],
    ['after a long number', '1234567890 4242 4242 4242 4242'],
  ])('is found: %s', (_, text) => {
    expect(hasCardNumber(text)).toBe(true);
  });

  it.each([
    ['a number with a wrong check digit', '4242424242424241'],
    ['digits that no network issues', '1234567812345670'],
    ['a card number inside a longer number', '14242424242424242'],
    ['a time in milliseconds', '1764383000003'],
    ['a telephone number', '+4242424242424242'],
    ['a random number, as keys are made of', 'k-0.4242424242424242'],
    ['a UUID', '42424242-4242-4242-4242-424242424242'],
    ['a UUID with letters', 'abcd4242-4242-4242-4242-abcdefabcdef'],
    ['a hash', 'ab4242424242424242cd'],
    ['an IBAN', 'DE89 3704 0044 0532 0130 00'],
    ['a date and a time', '2026-11-29 12:30:45'],
    ['long numbers side by side', '42424242 42424242'],
    ['groups that end in a long number', '4242 4242 424242424242424'],
    ['a number of 20 digits in groups', '1242 4242 4242 4242 4241'],
    ['no digits at all', 'a vase'],
  ])('is not seen in %s', (_, text) => {
    expect(hasCardNumber(text)).toBe(false);
  });
});
