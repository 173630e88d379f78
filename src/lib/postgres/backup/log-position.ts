/** A position in the log of changes, printed by PostgreSQL as two hexadecimal halves: `1/A0000028`. */
export function parseLogPosition(text: string): bigint {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export const printLogPosition = (position: bigint): string =>
  `${(position >> 32n).toString(16).toUpperCase()}/${(position & 0xffffffffn).toString(16).toUpperCase()}`;

const hex = (value: bigint) => value.toString(16).toUpperCase().padStart(8, '0');

/** The name of the file that holds a position: timeline and two halves of the segment's number. */
export function segmentName(timeline: number, position: bigint, segmentBytes: bigint): string {
  const perLog = 0x100000000n / segmentBytes;
  const segment = position / segmentBytes;
  return `${hex(BigInt(timeline))}${hex(segment / perLog)}${hex(segment % perLog)}`;
}

/** The first position of the segment that has this name. */
export function segmentStart(name: string, segmentBytes: bigint): bigint {
  const perLog = 0x100000000n / segmentBytes;
  return (BigInt(`0x${name.slice(8, 16)}`) * perLog + BigInt(`0x${name.slice(16, 24)}`)) * segmentBytes;
}
