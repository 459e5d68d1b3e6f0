/** What an import of a file with `?url` gives. */
declare module '*?url' {
  const url: string;
  export default url;
}
