/** Where the cluster says what happens to it; secrets never go in. */
export interface ClusterLogger {
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
  error(context: object, message: string): void;
}
