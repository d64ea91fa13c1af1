import { describe, expect, it } from 'vitest';
import { characterCount, refusalOfText, wellFormed } from '../../../domain/texts/texts.ts';

describe('a text that comes in', () => {
  it.each([
    ['an emoji', 'well done 🎉'],
    ['several lines', 'one\r\n\ttwo'],
    ['Arabic', 'شكرا'],
    ['a mark and an isolate for the direction', '\u200fא\u2066b\u2069'],
    ['nothing', ''],
  ])('is taken with %s', (_, text) => {
    expect(refusalOfText(text)).toBeNull();
  });

  it.each([
    ['the first half of an emoji', 'well done \ud83c', /well-formed Unicode/],
    ['the second half of an emoji', '\udf89!', /well-formed Unicode/],
    ['NUL', 'a\0b', /control characters/],
    ['a terminal’s escape', '\u001b[31mred', /control characters/],
    ['a C1 control', 'a\u0085b', /control characters/],
    ['an override of its direction', 'txt.\u202eexe', /direction/],
  ])('is refused with %s', (_, text, why) => {
    expect(refusalOfText(text)).toMatch(why);
  });

  it('is counted in characters, not in UTF-16 units or bytes', () => {
    expect(['', 'abc', '日本', '🎉🎉'].map(characterCount)).toEqual([0, 3, 2, 2]);
  });
});

describe('what cannot be refused', () => {
  it('has each half of a pair replaced, in keys too, and nothing more', () => {
    const answer = { a: ['x\ud800', 1, null], '\udc00': { b: true, c: '🎉' } };
    expect(wellFormed(answer)).toEqual({ a: ['x\ufffd', 1, null], '\ufffd': { b: true, c: '🎉' } });
  });

  it('is the very same where no text has half a pair', () => {
    const answer = { a: ['x', 1, null], b: { c: '🎉', d: true } };
    expect(wellFormed(answer)).toBe(answer);
    expect(wellFormed([[], answer])).toEqual([[], answer]);
  });
});
