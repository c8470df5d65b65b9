import { expect, test } from 'vitest';
import { ACCENT } from './options.ts';
import { snippets } from './snippets.ts';

const server = { baseUrl: 'https://chat.brand.example', channel: 'web_1' };

test('what was not changed is in no snippet', () => {
  const { script, npm } = snippets({ ...server, chosen: { locale: '', theme: '', accent: ACCENT } });
  expect(script).toBe(
    '<script async src="https://chat.brand.example/widget/loader.js" data-channel="web_1"></script>',
  );
  expect(npm).toContain("  baseUrl: 'https://chat.brand.example/',\n  channel: 'web_1',\n});");
});

test('what was changed is in each of them', () => {
  const given = snippets({ ...server, chosen: { locale: 'ar', accent: '#b00020', launcher: '' } });
  expect(given.script).toContain(' data-locale="ar" data-accent="#b00020"></script>');
  for (const kind of ['npm', 'svelte'] as const) {
    expect(given[kind]).toContain("locale: 'ar',");
    expect(given[kind]).toContain("accent: '#b00020',");
  }
  for (const kind of ['react', 'vue'] as const) {
    expect(given[kind]).toContain('channel="web_1" locale="ar" accent="#b00020" />');
  }
  expect(given.react).toContain('baseUrl="https://chat.brand.example/"');
  expect(given.vue).toContain('base-url="https://chat.brand.example/"');
});

test('a value cannot break out of its place', () => {
  const given = snippets({ ...server, chosen: { accent: `"'><img` } });
  expect(given.script).toContain(`data-accent="&quot;'><img"`);
  expect(given.npm).toContain(`accent: '"\\'><img',`);
});
