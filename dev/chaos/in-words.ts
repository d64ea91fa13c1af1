/** What a check found wrong, in words. One that came to no end is wrong itself, and keeps no other from its verdict. */
export async function inWords(check: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await check();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
