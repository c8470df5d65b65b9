import { type Chosen, changed } from './options.ts';

export interface SnippetInput {
  /** Where the server is, without a slash at the end. */
  baseUrl: string;
  channel: string;
  chosen: Chosen;
}

type Kind = 'script' | 'npm' | 'react' | 'vue' | 'svelte';

const literal = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`;
const attribute = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** What one copies into a page or a component: the options that were changed, and no others. */
export const snippets = ({ baseUrl, channel, chosen }: SnippetInput): Record<Kind, string> => {
  const set = changed(chosen);
  const required: [string, string][] = [
    ['baseUrl', `${baseUrl}/`],
    ['channel', channel],
  ];
  const all = [...required, ...set];
  const fields = all.map(([name, value]) => `  ${name}: ${literal(value)},`).join('\n');
  const props = all
    .map(([name, value]) => `${name === 'baseUrl' ? 'base-url' : name}="${attribute(value)}"`)
    .join(' ');
  const data = set.map(([name, value]) => ` data-${name}="${attribute(value)}"`).join('');
  return {
    script: `<script async src="${baseUrl}/widget/loader.js" data-channel="${channel}"${data}></script>`,
    npm: `import { createWidget } from '@continuo/widget';

const chat = createWidget({
${fields}
});`,
    react: `import { ContinuoChat } from '@continuo/widget/react';

<ContinuoChat ${props.replace('base-url', 'baseUrl')} />`,
    vue: `<script setup>
import { ContinuoChat } from '@continuo/widget/vue';
</script>

<template>
  <ContinuoChat ${props} />
</template>`,
    svelte: `<script>
  import { useContinuo } from '@continuo/widget/svelte';

  useContinuo(() => ({
${fields.replace(/^/gm, '  ')}
  }));
</script>`,
  };
};
