const digits = new Uint8Array(128);
for (const digit of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') digits[digit.charCodeAt(0)] = 1;

const isSpace = (unit: number): boolean => unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;

/** Whether a text is base64 with its padding; white space may stand anywhere. One pass: attachments have megabytes. */
export function isBase64(text: string): boolean {
  let length = 0;
  let padding = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isSpace(unit)) continue;
    length++;
    if (unit === 0x3d) padding++;
    else if (padding > 0 || digits[unit] !== 1) return false;
  }
  return length > 0 && length % 4 === 0 && padding <= 2;
}
