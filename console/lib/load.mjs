import { useCallback, useEffect, useState } from './html.mjs';

/**
 * What `load` gives, read again whenever a dependency changes. While a later read runs, or fails, what was read before stays
 * on the page.
 */
export function useLoaded(load, dependencies) {
  const [state, setState] = useState({ data: undefined, error: undefined, isLoading: true });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    setState((before) => ({ ...before, isLoading: true }));
    load().then(
      (data) => isCurrent && setState({ data, error: undefined, isLoading: false }),
      (error) => isCurrent && setState((before) => ({ ...before, error, isLoading: false })),
    );
    return () => {
      isCurrent = false;
    };
  }, [turn, ...dependencies]);
  return { ...state, reload: useCallback(() => setTurn((before) => before + 1), []) };
}

/** Calls `changed` whenever the server says that what it watches is another. `query`: `order=…`, or nothing for the inbox. */
export function useLive(query, changed) {
  useEffect(() => {
    const source = new EventSource(`/console/live${query}`);
    source.addEventListener('changed', changed);
    return () => source.close();
  }, [query, changed]);
}
