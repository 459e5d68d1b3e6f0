import fc from 'fast-check';

// Without this, an array with a `maxLength` has at most ten items, whatever the bound is.
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });
