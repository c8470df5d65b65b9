// A page that React renders whole, from `<html>` on.
import { createElement as h, useState } from 'react';

export const App = ({ script, channel }) => {
  const [language, setLanguage] = useState('en');
  const [path, setPath] = useState('home');
  if (typeof window !== 'undefined') Object.assign(window, { setLanguage, setPath });
  return h(
    'html',
    { lang: language, key: language },
    h('head', null, h('meta', { charSet: 'utf-8' }), h('title', null, 'Nimbus Coffee')),
    h(
      'body',
      null,
      h('main', null, h('h1', null, path)),
      h('script', { async: true, src: script, 'data-channel': channel }),
    ),
  );
};
