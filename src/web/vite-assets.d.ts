/** The value of an import of a file with `?url`. */
declare module '*?url' {
  const url: string;
  export default url;
}
