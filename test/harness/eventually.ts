/**
 * Waits until a check holds, running it every 30 ms; the limit is that of the test, so that a slow machine only takes longer. A
 * check that throws counts as not yet.
 */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await looked(holds))) await new Promise((resolve) => setTimeout(resolve, 30));
}

async function looked(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await holds();
  } catch {
    return false;
  }
}
