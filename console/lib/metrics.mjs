const SAMPLE = /^(\w+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The samples of one metric in Prometheus' text format: their labels and values. */
export function samplesOf(text, name) {
  return text.split('\n').flatMap((line) => {
    const [, found, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (found !== name) return [];
    const named = [...labels.matchAll(LABEL)].map(([, label, content]) => [label, content]);
    return [{ labels: Object.fromEntries(named), value: Number(value) }];
  });
}

/** The value of a metric without labels; null: it is not shown now. */
export function gaugeOf(text, name) {
  return samplesOf(text, name)[0]?.value ?? null;
}
