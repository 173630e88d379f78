export { parseJson } from './parse.ts';
export { decodeUtf8 } from './utf8.ts';
export {
  isJsonObject,
  isRawNumber,
  type JsonObject,
  type JsonValue,
  numberText,
  numberValue,
  printJson,
  type RawNumber,
} from './value.ts';
