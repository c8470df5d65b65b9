import { beanArt, heroArt } from './art.ts';
import type { ShopWords } from './words.ts';

const escapeHtml = (text: string): string => text.replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`);

/** The one tag that a page needs. */
export const widgetSnippet = ({ loaderUrl, channelKey }: { loaderUrl: string; channelKey: string }): string =>
  `<script async src="${escapeHtml(loaderUrl)}" data-channel="${escapeHtml(channelKey)}"></script>`;

const bean = (words: ShopWords, { name, notes, price, art }: ShopWords['beans'][number]): string => `
<li class="card">
  ${beanArt(art)}
  <h3>${name}</h3>
  <p>${notes}</p>
  <p class="price">${price}</p>
  <button type="button" class="add" aria-label="${words.add}: ${name}">${words.add}</button>
</li>`;

const step = ({ name, done }: ShopWords['steps'][number]): string =>
  `<li class="${done ? 'done' : 'open'}">${name}</li>`;

const header = (words: ShopWords, base: string): string => `
<header class="top">
  <a class="brand" href="${base}${words.lang === 'ar' ? '/ar' : ''}">${words.title}</a>
  <nav aria-label="${words.title}">
    <a href="#beans">${words.nav.beans}</a>
    <a href="#order">${words.nav.order}</a>
    <a href="#visit">${words.nav.visit}</a>
    <a href="${base}${words.other.path}" lang="${words.other.lang}" hreflang="${words.other.lang}">${words.other.name}</a>
  </nav>
  <p class="basket">${words.basket} <output id="basket">0</output></p>
</header>`;

const main = (words: ShopWords, snippet: string): string => `
<main>
  <section class="hero">
    <div>
      <h1>${words.heroTitle}</h1>
      <p>${words.heroText}</p>
      <a class="action" href="#beans">${words.heroAction}</a>
    </div>
    ${heroArt}
  </section>
  <section id="beans">
    <h2>${words.beansTitle}</h2>
    <ul class="cards">${words.beans.map((item) => bean(words, item)).join('')}</ul>
  </section>
  <section id="order" class="two">
    <div>
      <h2>${words.orderTitle}</h2>
      <p>${words.orderText}</p>
      <ol class="steps">${words.steps.map(step).join('')}</ol>
    </div>
    <div class="help">
      <h2>${words.helpTitle}</h2>
      <p>${words.helpText}</p>
    </div>
  </section>
  <section class="developers">
    <h2>${words.developersTitle}</h2>
    <p>${words.developersText}</p>
    <pre dir="ltr" lang="en"><code>${escapeHtml(snippet)}</code></pre>
  </section>
  <section id="visit">
    <h2>${words.visitTitle}</h2>
    <p>${words.visitText}</p>
  </section>
</main>`;

/** The shop's page in one language. `base` is the shop's path without a slash at the end. */
export const shopPage = (
  words: ShopWords,
  { base, snippet }: { base: string; snippet: string },
): string => `<!doctype html>
<html lang="${words.lang}" dir="${words.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>${words.title}</title>
<meta name="description" content="${words.heroText}">
<link rel="icon" href="${base}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${base}/shop.css">
<script type="module" src="${base}/shop.js"></script>
${snippet}
</head>
<body>
${header(words, base)}
${main(words, snippet)}
<footer>${words.title}</footer>
</body>
</html>
`;
