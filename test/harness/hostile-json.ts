import fc from 'fast-check';

/** Names with a meaning in the protocol or in JavaScript. */
const names = [
  ...[
    'text',
    'instanceId',
    'deviceId',
    'host',
    'ip',
    'version',
    'platform',
    'deviceFamily',
    'mode',
    'reason',
  ],
  ...[
    'lastInputSeconds',
    'roles',
    'scopes',
    'tags',
    'client',
    'auth',
    'token',
    'device',
    'role',
    'caps',
    'q',
  ],
  ...['minProtocol', 'maxProtocol', 'event', 'payload', 'payloadJSON', 'idleSeconds', 'status', 'id', 'type'],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'toJSON',
    'hasOwnProperty',
    'length',
    '',
    '0',
    'é',
  ],
];

const numbers = [
  '0',
  '-0',
  '-1',
  '1.5',
  '1e999',
  '-1e999',
  '1e-400',
  '9007199254740993',
  '1e21',
  '2147483648',
];

const strings = [
  ...['""', '" "', '"\\u0000"', '"a\\nb"', '"\\u007f"', '"\\u0085"', '"\\u2028"', '"\\u202e"', '"\\ufeff"'],
  ...['"\\ud800"', '"\\udc00x"', '"\\ud83d\\ude00"', '"__proto__"', '"gateway"', '"self"', '"operator"'],
  ...['"127.0.0.1"', '"::ffff:1.2.3.4"', '"fe80::1%eth0"', '"Node: a (b) · mode gateway · reason self"'],
  JSON.stringify('x'.repeat(257)),
  JSON.stringify('€'.repeat(1_025)),
  JSON.stringify('\u{10ffff}'.repeat(200)),
];

const deep = [
  '['.repeat(10_000) + ']'.repeat(10_000),
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  `[${'0,'.repeat(10_000)}0]`,
];

const literal = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('null', 'true', 'false', '{}', '[]', ...numbers, ...strings) },
  { weight: 1, arbitrary: fc.constantFrom(...deep) },
  { weight: 10, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => JSON.stringify(text)) },
  { weight: 5, arbitrary: fc.double().map((number) => JSON.stringify(number)) },
);

const name = fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 10 }));

const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    { weight: 3, arbitrary: literal },
    { weight: 1, arbitrary: fc.array(tie('tree'), { maxLength: 10 }).map((items) => `[${items.join()}]`) },
    // Pairs, not a record: a name may come twice, and `__proto__` is one like any other.
    { weight: 2, arbitrary: fc.array(fc.tuple(name, tie('tree')), { maxLength: 6 }).map(objectText) },
  ),
}));

/** JSON texts that no honest client sends: wrong types, huge, deep, names that come twice, dangerous characters. */
export const hostileJson: fc.Arbitrary<string> = tree;

/** An object text with the members of `base`, of which some are replaced, doubled or joined by hostile ones. */
export function hostileObject(base: Readonly<Record<string, unknown>>): fc.Arbitrary<string> {
  const members = Object.entries(base).map(([key, value]) => [key, JSON.stringify(value)] as const);
  const known = members.length === 0 ? name : fc.oneof(fc.constantFrom(...Object.keys(base)), name);
  return fc
    .tuple(
      fc.subarray(members, { minLength: Math.max(0, members.length - 1) }),
      fc.array(fc.tuple(known, tree), { maxLength: 3 }),
    )
    .map(([kept, changed]) => objectText([...kept, ...changed]));
}

/** Texts of all kinds: hostile JSON, broken JSON, and no JSON. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  tree,
  tree.map((text) => text.slice(0, text.length / 2)),
  tree.map((text) => `\ufeff${text}`),
  fc.string({ unit: 'binary' }),
  hostileObject({ type: 'req', id: 'a', method: 'health', params: {} }),
);

function objectText(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`;
}
