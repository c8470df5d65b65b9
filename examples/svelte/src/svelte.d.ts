declare module '*.svelte' {
  import type { Component } from 'svelte';

  const component: Component<{ baseUrl: string; channel: string }>;
  export default component;
}
