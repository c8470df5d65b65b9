import { expect, test } from 'vitest';
import { inAppBrowser } from './in-app.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const PIXEL =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A.240205.004; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.6422.165 Mobile Safari/537.36';

test.each([
  [
    'Facebook',
    `${IPHONE} Mobile/21F90 [FBAN/FBIOS;FBAV/467.1.0.41.103;FBBV/605234567;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.5.1;FBSS/3;FBID/phone;FBLC/en_US;FBOP/5;FBRV/607]`,
  ],
  ['Facebook', `${PIXEL} [FB_IAB/FB4A;FBAV/468.0.0.46.109;]`],
  ['Messenger', `${IPHONE} Mobile/21F90 [FBAN/MessengerForiOS;FBAV/459.0.0.40.106;FBBV/603;FBDV/iPhone14,5]`],
  ['Messenger', `${PIXEL} [FB_IAB/Orca-Android;FBAV/459.1.0.51.109;]`],
  [
    'Instagram',
    `${IPHONE} Mobile/21F90 Instagram 334.0.4.32.98 (iPhone14,5; iOS 17_5_1; en_US; en; scale=3.00; 1170x2532; 603)`,
  ],
  ['LINE', `${IPHONE} Mobile/15E148 Safari Line/14.8.0`],
  [
    'TikTok',
    `${IPHONE} Mobile/21F90 musical_ly_34.9.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/US BytedanceWebview/d8a21c6`,
  ],
  ['Telegram', `${PIXEL} Telegram-Android/11.5.3 (Google Pixel 8; Android 14; SDK 34; HIGH)`],
])('%s', (app, userAgent) => {
  expect(inAppBrowser(userAgent)).toBe(app);
});

test.each([
  `${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1`,
  `${IPHONE} CriOS/125.0.6422.80 Mobile/15E148 Safari/604.1`,
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0',
  'Mozilla/5.0 (compatible; Online/1.0; Outline/2)',
])('a browser: %s', (userAgent) => {
  expect(inAppBrowser(userAgent)).toBeNull();
});
