/** What the package for protobuf does with each file of the contract, and what it does in a release. */
const changes = [
  {
    from: "addFile(file, skipTypes, withDeps) {",
    to: "addFile(file, skipTypes, withDeps) {\nif (withDeps && files.get(file.proto.name) === file) return;",
  },
  {
    from: `        fields: [],
        field: {},
        oneofs: [],
        members: [],
        nestedEnums`,
    to: `        __proto__: unread,
        [reader]: () => addFields(desc, reg, mapEntries),
        nestedEnums`,
  },
  {
    from: "function addFields(message, reg, mapEntries) {",
    to: `const reader = Symbol("reads the fields");
const unread = {};
for (const name of ["fields", "field", "oneofs", "members"])
    Object.defineProperty(unread, name, { get() { return read(this)[name]; } });
function read(message) {
    for (const [name, value] of Object.entries({ fields: [], field: {}, oneofs: [], members: [] }))
        Object.defineProperty(message, name, { value, enumerable: true, writable: true, configurable: true });
    message[reader]();
    return message;
}
function addFields(message, reg, mapEntries) {`,
  },
  {
    from: `    for (const child of message.nestedMessages) {
        addFields(child, reg, mapEntries);
    }
`,
    to: "",
  },
  {
    from: `    for (const mapEntry of mapEntriesStore.values()) {
        // to create a map field, we need access to the map entry's fields
        addFields(mapEntry, reg, mapEntries);
    }
`,
    to: "",
  },
  {
    from: "        addFields(message, reg, mapEntries);\n        addExtensions(message, reg);",
    to: "        addExtensions(message, reg);",
  },
];

/** The text of the package's registry, in which each message reads its fields when they are first asked for. */
export const registryReadOnce = (text, path) =>
  changes.reduce((whole, { from, to }) => {
    if (whole.split(from).length !== 2)
      throw new Error(`${path} takes files up in another way: look whether this is still of use: ${from}`);
    return whole.replace(from, () => to);
  }, text);
