export type Json = Record<string, unknown>;

export function listOf(data: Json[], url: string, hasMore = false): Json {
  return { object: 'list', data, has_more: hasMore, url };
}

/** Lists inside objects still carry their count. */
export function sublist(data: Json[], url: string): Json {
  const shown = data.slice(0, SUBLIST_LIMIT);
  return { object: 'list', data: shown, has_more: data.length > shown.length, total_count: data.length, url };
}

const SUBLIST_LIMIT = 10;
