/** A package that the operator has to install, or a setting to correct; the message states which. */
export class ClusterSetupError extends Error {
  override readonly name = 'ClusterSetupError';
}

/** Loads the client package of an engine; throws {@link ClusterSetupError} with what to install when it is missing. */
export async function importClient<T>(load: () => Promise<T>, ...packages: readonly string[]): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const names = packages.join(' ');
    throw new ClusterSetupError(
      `this cluster engine needs ${names}, which is not installed: run npm install ${names}`,
    );
  }
}
