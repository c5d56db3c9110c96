/**
 * JSON as the text that came out of a database. Most documents of a list are only handed on: to read them, and to write what was read, takes
 * longer than all else that becomes of them. REST alone knows it, in the place of a Struct or a Value.
 */
export class JsonDocument {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
