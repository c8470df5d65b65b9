import { createApp } from 'vue';
import App from './App.vue';

const root = document.querySelector<HTMLElement>('#app');
if (!root) throw new Error('The page has no #app');
const { baseUrl = '', channel = '' } = root.dataset;
createApp(App, { baseUrl, channel }).mount(root);
