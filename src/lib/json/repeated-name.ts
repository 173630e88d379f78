import { Failure } from '../failure.ts';
import { place } from './place.ts';
import { endOfString } from './scan.ts';

/** Fails naming the first name that stands twice in one object. The text is known to be JSON. */
export function refuseRepeatedName(text: string): void {
  const objects: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const unit = text[at];
    if (unit === '{') objects.push(new Set());
    else if (unit === '}') objects.pop();
    else if (unit === '"') {
      const end = endOfString(text, at);
      if (isFollowedByColon(text, end + 1)) addName(objects.at(-1), text, at, end + 1);
      at = end;
    }
  }
}

/** Whether what ends here stands where a name belongs. */
export function isFollowedByColon(text: string, end: number): boolean {
  let at = end;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return text[at] === ':';
}

function addName(names: Set<string> | undefined, text: string, start: number, end: number): void {
  const name = JSON.parse(text.slice(start, end)) as string;
  if (names?.has(name)) {
    const shown = JSON.stringify(name.slice(0, 64));
    throw new Failure(
      'invalid',
      `The name ${shown} stands twice in one JSON object, again at ${place(text, start)}: keep one.`,
    );
  }
  names?.add(name);
}
