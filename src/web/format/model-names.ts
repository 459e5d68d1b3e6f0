/**
 * Apple's model identifiers that people are likely to meet, by their first word: for each name the numbers after
 * that word. One text each, to keep the file small that every browser loads.
 */
const models: Readonly<Record<string, string>> = {
  Mac:
    'Mac Studio (M1)=13,1 13,2;MacBook Air 13″ (M2)=14,2;MacBook Air 15″ (M2)=14,15;MacBook Pro 13″ (M2)=14,7;' +
    'MacBook Pro 14″ (M2)=14,5 14,9;MacBook Pro 16″ (M2)=14,6 14,10;Mac mini (M2)=14,3 14,12;' +
    'Mac Studio (M2)=14,13 14,14;Mac Pro (M2)=14,8;MacBook Pro 14″ (M3)=15,3 15,6 15,8 15,10;' +
    'MacBook Pro 16″ (M3)=15,7 15,9 15,11;MacBook Air 13″ (M3)=15,12;MacBook Air 15″ (M3)=15,13;' +
    'iMac 24″ (M3)=15,4 15,5;Mac Studio (M3)=15,14;MacBook Pro 14″ (M4)=16,1 16,6 16,8;' +
    'MacBook Pro 16″ (M4)=16,5 16,7;MacBook Air 13″ (M4)=16,12;MacBook Air 15″ (M4)=16,13;' +
    'iMac 24″ (M4)=16,2 16,3;Mac mini (M4)=16,10 16,11 16,15;Mac Studio (M4)=16,9',
  MacBookAir: 'MacBook Air (M1)=10,1',
  MacBookPro: 'MacBook Pro 13″ (M1)=17,1;MacBook Pro 16″ (M1)=18,1 18,2;MacBook Pro 14″ (M1)=18,3 18,4',
  Macmini: 'Mac mini (M1)=9,1',
  iMac: 'iMac 24″ (M1)=21,1 21,2',
  iPhone:
    'iPhone 13=14,5;iPhone 13 Pro=14,2;iPhone 14=14,7;iPhone 14 Pro=15,2;iPhone 15=15,4;iPhone 15 Plus=15,5;' +
    'iPhone 15 Pro=16,1;iPhone 15 Pro Max=16,2;iPhone 16=17,3;iPhone 16 Plus=17,4;iPhone 16 Pro=17,1;' +
    'iPhone 16 Pro Max=17,2;iPhone 16e=17,5',
};

/** The product name of a model: `Mac15,6` → `MacBook Pro 14″ (M3)`; unknown identifiers as they are. */
export function modelName(identifier: string): string {
  const known = identifier.trim();
  const [, word = '', numbers = ''] = /^([A-Za-z]+)(\d+,\d+)$/.exec(known) ?? [];
  const entries = Object.hasOwn(models, word) ? (models[word]?.split(';') ?? []) : [];
  const entry = entries.find((text) => text.split('=')[1]?.split(' ').includes(numbers));
  return entry?.split('=')[0] ?? known;
}
