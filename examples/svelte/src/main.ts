import { mount } from 'svelte';
import App from './App.svelte';

const root = document.querySelector<HTMLElement>('#app');
if (!root) throw new Error('The page has no #app');
const { baseUrl = '', channel = '' } = root.dataset;
mount(App, { target: root, props: { baseUrl, channel } });
