/** How numbers of the card networks begin, and how many digits they have. */
const NETWORKS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^3(0[0-5]|09|[689])/, [14, 15, 16, 17, 18, 19]], // Diners Club
  [/^35(2[89]|[3-8])/, [16, 17, 18, 19]], // JCB
  [/^(6011|64[4-9]|65|62)/, [16, 17, 18, 19]], // Discover, UnionPay
  [/^(50|5[6-8]|6[037])/, [13, 14, 15, 16, 17, 18, 19]], // Maestro, RuPay
];
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;
/** Written apart, a card number has short groups; a UUID does not. */
const GROUP_MAX = 6;

/** Digits in groups, by themselves: between letters they are part of an id, after a plus of a telephone number, after `0.` of a fraction. */
const NUMBER = /(?<![\p{L}\p{N}+]|(?<!\p{N})0\.)\d+(?:[\s\p{Dash}]{1,3}\d+)*(?![\p{L}\p{N}])/gu;

/** Whether a text contains the number of a payment card, in one piece or in groups with spaces or dashes between. */
export function hasCardNumber(text: string): boolean {
  return (text.match(NUMBER) ?? []).some((number) => holdsCard(number.split(/\D+/)));
}

/** In one of the groups, or in several that follow each other. */
function holdsCard(groups: readonly string[]): boolean {
  return groups.some((first, start) => {
    let digits = first;
    if (isCardNumber(digits)) return true;
    if (first.length > GROUP_MAX) return false;
    for (const group of groups.slice(start + 1)) {
      digits += group;
      if (group.length > GROUP_MAX || digits.length > DIGITS_MAX) return false;
      if (isCardNumber(digits)) return true;
    }
    return false;
  });
}

function isCardNumber(digits: string): boolean {
  if (digits.length < DIGITS_MIN || digits.length > DIGITS_MAX) return false;
  const isOfNetwork = NETWORKS.some(
    ([start, lengths]) => lengths.includes(digits.length) && start.test(digits),
  );
  return isOfNetwork && passesLuhn(digits);
}

/** https://en.wikipedia.org/wiki/Luhn_algorithm */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, position) => {
    const value = Number(digit) * (position % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
