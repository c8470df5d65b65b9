/** What the shop says in one language. */
export interface ShopWords {
  lang: string;
  dir: 'ltr' | 'rtl';
  title: string;
  nav: { beans: string; order: string; visit: string };
  basket: string;
  /** Name of the other language, in that language, and the path that leads there from the shop's root. */
  other: { name: string; lang: string; path: string };
  heroTitle: string;
  heroText: string;
  heroAction: string;
  beansTitle: string;
  beans: readonly { name: string; notes: string; price: string; art: 'dawn' | 'fog' | 'storm' }[];
  add: string;
  orderTitle: string;
  orderText: string;
  steps: readonly { name: string; done: boolean }[];
  helpTitle: string;
  helpText: string;
  developersTitle: string;
  developersText: string;
  visitTitle: string;
  visitText: string;
}

export const english: ShopWords = {
  lang: 'en',
  dir: 'ltr',
  title: 'Nimbus Coffee',
  nav: { beans: 'Beans', order: 'Your order', visit: 'Visit' },
  basket: 'Basket',
  other: { name: 'العربية', lang: 'ar', path: '/ar' },
  heroTitle: 'Coffee with its head in the clouds',
  heroText: 'Grown above 1,800 metres, roasted on Monday, at your door by Thursday.',
  heroAction: 'See this week’s beans',
  beansTitle: 'This week’s beans',
  beans: [
    { name: 'Dawn', notes: 'Ethiopia. Apricot, jasmine, honey.', price: '€14', art: 'dawn' },
    { name: 'Fog', notes: 'Guatemala. Cocoa, almond, plum.', price: '€13', art: 'fog' },
    { name: 'Storm', notes: 'Sumatra. Cedar, molasses, spice.', price: '€15', art: 'storm' },
  ],
  add: 'Add to basket',
  orderTitle: 'Order 4821',
  orderText: 'Two bags of Dawn, ground for filter.',
  steps: [
    { name: 'Roasted', done: true },
    { name: 'With the carrier', done: true },
    { name: 'Delivered', done: false },
  ],
  helpTitle: 'Did something go wrong?',
  helpText:
    'Write to us here with the button in the corner. If you have already written to us on Messenger, carry on here: you need not tell it twice.',
  developersTitle: 'How the chat came onto this page',
  developersText: 'One tag. This page’s own source holds exactly this line:',
  visitTitle: 'The roastery',
  visitText: '12 Harbour Lane, open every day from 8 to 18.',
};

export const arabic: ShopWords = {
  lang: 'ar',
  dir: 'rtl',
  title: 'نيمبوس كوفي',
  nav: { beans: 'البن', order: 'طلبك', visit: 'زورونا' },
  basket: 'السلة',
  other: { name: 'English', lang: 'en', path: '' },
  heroTitle: 'قهوة رأسها في الغيوم',
  heroText: 'تُزرع على ارتفاع يتجاوز 1800 متر، وتُحمَّص يوم الاثنين، وتصل إلى بابك قبل الخميس.',
  heroAction: 'شاهد بن هذا الأسبوع',
  beansTitle: 'بن هذا الأسبوع',
  beans: [
    { name: 'الفجر', notes: 'إثيوبيا. مشمش وياسمين وعسل.', price: '14 €', art: 'dawn' },
    { name: 'الضباب', notes: 'غواتيمالا. كاكاو ولوز وبرقوق.', price: '13 €', art: 'fog' },
    { name: 'العاصفة', notes: 'سومطرة. أرز ودبس وتوابل.', price: '15 €', art: 'storm' },
  ],
  add: 'أضف إلى السلة',
  orderTitle: 'الطلب 4821',
  orderText: 'كيسان من «الفجر»، مطحونان للترشيح.',
  steps: [
    { name: 'حُمِّص', done: true },
    { name: 'لدى شركة الشحن', done: true },
    { name: 'وصل', done: false },
  ],
  helpTitle: 'هل حدث خطأ ما؟',
  helpText:
    'اكتب إلينا هنا بالزر الموجود في الزاوية. وإن كنت قد كتبت إلينا على ماسنجر فأكمل هنا: لن تحتاج إلى أن تروي القصة مرتين.',
  developersTitle: 'كيف جاءت المحادثة إلى هذه الصفحة',
  developersText: 'وسم واحد. مصدر هذه الصفحة يحمل هذا السطر تمامًا:',
  visitTitle: 'المحمصة',
  visitText: '12 طريق المرفأ، مفتوح كل يوم من 8 إلى 18.',
};
