/** Apple's model identifiers that people are likely to meet; `a|b` shares a name. */
const names: readonly (readonly [identifiers: string, name: string])[] = [
  ['MacBookAir10,1', 'MacBook Air (M1)'],
  ['MacBookPro17,1', 'MacBook Pro 13″ (M1)'],
  ['MacBookPro18,3|MacBookPro18,4', 'MacBook Pro 14″ (M1)'],
  ['MacBookPro18,1|MacBookPro18,2', 'MacBook Pro 16″ (M1)'],
  ['Macmini9,1', 'Mac mini (M1)'],
  ['iMac21,1|iMac21,2', 'iMac 24″ (M1)'],
  ['Mac13,1|Mac13,2', 'Mac Studio (M1)'],
  ['Mac14,2', 'MacBook Air 13″ (M2)'],
  ['Mac14,15', 'MacBook Air 15″ (M2)'],
  ['Mac14,7', 'MacBook Pro 13″ (M2)'],
  ['Mac14,5|Mac14,9', 'MacBook Pro 14″ (M2)'],
  ['Mac14,6|Mac14,10', 'MacBook Pro 16″ (M2)'],
  ['Mac14,3|Mac14,12', 'Mac mini (M2)'],
  ['Mac14,13|Mac14,14', 'Mac Studio (M2)'],
  ['Mac14,8', 'Mac Pro (M2)'],
  ['Mac15,3|Mac15,6|Mac15,8|Mac15,10', 'MacBook Pro 14″ (M3)'],
  ['Mac15,7|Mac15,9|Mac15,11', 'MacBook Pro 16″ (M3)'],
  ['Mac15,12', 'MacBook Air 13″ (M3)'],
  ['Mac15,13', 'MacBook Air 15″ (M3)'],
  ['Mac15,4|Mac15,5', 'iMac 24″ (M3)'],
  ['Mac15,14', 'Mac Studio (M3)'],
  ['Mac16,1|Mac16,6|Mac16,8', 'MacBook Pro 14″ (M4)'],
  ['Mac16,5|Mac16,7', 'MacBook Pro 16″ (M4)'],
  ['Mac16,12', 'MacBook Air 13″ (M4)'],
  ['Mac16,13', 'MacBook Air 15″ (M4)'],
  ['Mac16,2|Mac16,3', 'iMac 24″ (M4)'],
  ['Mac16,10|Mac16,11|Mac16,15', 'Mac mini (M4)'],
  ['Mac16,9', 'Mac Studio (M4)'],
  ['iPhone14,5', 'iPhone 13'],
  ['iPhone14,2', 'iPhone 13 Pro'],
  ['iPhone14,7', 'iPhone 14'],
  ['iPhone15,2', 'iPhone 14 Pro'],
  ['iPhone15,4', 'iPhone 15'],
  ['iPhone15,5', 'iPhone 15 Plus'],
  ['iPhone16,1', 'iPhone 15 Pro'],
  ['iPhone16,2', 'iPhone 15 Pro Max'],
  ['iPhone17,3', 'iPhone 16'],
  ['iPhone17,4', 'iPhone 16 Plus'],
  ['iPhone17,1', 'iPhone 16 Pro'],
  ['iPhone17,2', 'iPhone 16 Pro Max'],
  ['iPhone17,5', 'iPhone 16e'],
];

/** A model as a person names it: `Mac15,6` → `MacBook Pro 14″ (M3)`; unknown identifiers as they are. */
export function modelName(identifier: string): string {
  const wanted = identifier.trim();
  const found = names.find(([identifiers]) => identifiers.split('|').includes(wanted));
  return found?.[1] ?? wanted;
}
