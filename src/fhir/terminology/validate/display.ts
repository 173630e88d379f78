import { inLanguages } from '../designation.ts';
import { type CodingState, placeOf } from './findings.ts';

const fold = (text: string): string => text.toLowerCase();
const foldSpaces = (text: string): string => fold(text).replace(/\s+/g, ' ').trim();

/** Whether the display that came with a code is one of the texts that the code has; says what is wrong with it. */
export function checkDisplay(state: CodingState): void {
  const { coding, designations, scope } = state;
  const given = coding.display;
  if (given === undefined || designations.length === 0) return;
  const allowed = inLanguages(designations, scope.settings.languages);
  const matching = allowed.filter(({ value }) => fold(value) === fold(given));
  if (matching.length === 0) {
    tellWrongDisplay(state, given);
  } else if (!matching.some(({ isActive }) => isActive)) {
    tell(
      state,
      'warning',
      'INACTIVE_DISPLAY_FOUND',
      'display-comment',
      `"${given}" is no longer a text of ${name(state)}`,
    );
  }
}

const name = ({ coding, system }: CodingState): string => `${system}#${coding.code}`;

function tellWrongDisplay(state: CodingState, given: string): void {
  const { designations, scope } = state;
  const { settings } = scope;
  const severity = settings.isSet('lenient-display-validation') ? 'warning' : 'error';
  const displays = designations.filter(({ isDisplay }) => isDisplay);
  const ofLanguage = inLanguages(displays, settings.languages);
  if (ofLanguage.length === 0) {
    const isOfCodeSystem = designations.some(
      ({ value, language }) => fold(value) === fold(given) && (language === undefined || language === state.language),
    );
    if (isOfCodeSystem) {
      const text = `There is no display of ${name(state)} in ${settings.languages?.text}; "${given}" is that of the code system`;
      tell(state, 'information', 'NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK', 'invalid-display', text, true);
    } else {
      const text = `"${given}" is no display of ${name(state)}, and there is none in ${settings.languages?.text}`;
      tell(state, severity, 'NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR', 'invalid-display', text, true);
    }
    return;
  }
  const isSpacing = ofLanguage.some(({ value }) => foldSpaces(value) === foldSpaces(given));
  const messageId = isSpacing
    ? 'Display_Name_WS_for__should_be_one_of__instead_of'
    : 'Display_Name_for__should_be_one_of__instead_of';
  const list = ofLanguage
    .map(({ value, language }) => (language ? `"${value}" (${language})` : `"${value}"`))
    .join(', ');
  tell(state, severity, messageId, 'invalid-display', `"${given}" is no display of ${name(state)}; use ${list}`, true);
}

function tell(
  { findings, path }: CodingState,
  severity: 'error' | 'warning' | 'information',
  messageId: string,
  detail: string,
  text: string,
  isTold = severity === 'error',
): void {
  const expression = placeOf(path, 'display');
  findings.add({ severity, code: 'invalid', detail, messageId, text: `${text}.`, expression }, isTold);
}
