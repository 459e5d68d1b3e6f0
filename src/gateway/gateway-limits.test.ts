import { describe, expect, it } from 'vitest';
import { GATEWAY_LIMITS, gatewayLimits, limitNames } from './gateway-limits.ts';

describe.each(limitNames)('%s', (name) => {
  const { default: value, min, max, unit } = GATEWAY_LIMITS[name];

  it('has a default within its bounds', () => {
    expect(gatewayLimits({})[name]).toBe(value);
    expect(gatewayLimits({ [name]: min })[name]).toBe(min);
    expect(gatewayLimits({ [name]: max })[name]).toBe(max);
  });

  it.each([min - 1, max + 1, min + 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (wrong) => {
    expect(() => gatewayLimits({ [name]: wrong })).toThrow(
      new TypeError(`${name} must be a whole number of ${unit} from ${min} to ${max}, but is ${wrong}`),
    );
  });
});
