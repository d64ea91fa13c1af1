/**
 * A module of the console, as the browser gets it. Without its types: with Preact's would come those of the browser, into the tests of
 * everything else too.
 */
// biome-ignore lint/suspicious/noExplicitAny: it is JavaScript
export function consoleModule(path: string): Promise<any> {
  return import(new URL(`../../console/${path}`, import.meta.url).href);
}
