import { defineConfig } from 'vitepress';
import { withMermaid } from 'vitepress-plugin-mermaid';
import { anchorOf, deadAnchors } from './anchors.mjs';
import { withoutOutsideLinks } from './outside-links.mjs';

const page = (text, link) => ({ text, link });

export default withMermaid(
  defineConfig({
    title: 'Waybill',
    description: 'Durable payment orchestration for marketplaces',
    outDir: '.vitepress/dist',
    cleanUrls: true,
    lastUpdated: false,
    // They lead to what the reader has started.
    ignoreDeadLinks: [/^https?:\/\/(localhost|127\.0\.0\.1)/],
    markdown: { anchor: { slugify: anchorOf }, config: withoutOutsideLinks },
    buildEnd({ outDir }) {
      const dead = deadAnchors(outDir);
      if (dead.length > 0) throw new Error(`Links to anchors that are not there:\n${dead.join('\n')}`);
    },
    themeConfig: {
      search: { provider: 'local' },
      outline: [2, 3],
      nav: [
        page('Guides', '/guides/first-hour'),
        { ...page('API', '/reference.html'), target: '_self' },
        page('Runbook', '/runbook'),
      ],
      sidebar: [
        {
          text: 'Guides',
          items: [
            page('First hour', '/guides/first-hour'),
            page('A checkout page', '/guides/checkout'),
            page('Going live', '/guides/going-live'),
            page('Onboarding sellers', '/guides/sellers'),
            page('Refunds, and who bears them', '/guides/refunds'),
            page('A payment is stuck', '/guides/stuck-payments'),
            page('Signals from Temporal', '/guides/signals-from-temporal'),
          ],
        },
        {
          text: 'API',
          items: [
            page('Guide', '/api'),
            { ...page('Reference', '/reference.html'), target: '_self' },
            page('From a Temporal client', '/temporal-clients'),
          ],
        },
        {
          text: 'Operate',
          items: [
            page('Console', '/console'),
            page('Command line', '/cli'),
            page('API keys', '/keys'),
            page('Audit log', '/audit'),
            page('Runbook', '/runbook'),
            page('Observability', '/observability'),
            page('Configuration', '/configuration'),
            page('Deploy', '/deploy/README'),
            page('Upgrading', '/upgrading'),
            page('If Temporal is lost', '/loss-of-temporal'),
            page('Bad environments', '/bad-environments'),
          ],
        },
        {
          text: 'Understand',
          items: [
            page('Guarantees', '/guarantees'),
            page('Limits', '/limits'),
            page('Simulation', '/simulation'),
            page('Threat model', '/security/threat-model'),
            page('Architecture', '/ARCHITECTURE'),
            page('Decisions', '/decisions/README'),
            page('Chaos drill', '/chaos'),
            page('Glossary', '/glossary'),
            page('Add a command', '/add-a-command'),
          ],
        },
      ],
    },
  }),
);
