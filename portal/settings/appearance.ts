import type { Appearance } from '../ui/theme/antd-theme.ts';
import { createStoredChoice } from './stored-choice.ts';

const prefersDark = () => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

/** Light or dark; the device decides until the person does. */
export const appearance = createStoredChoice<Appearance>('meridian.theme', ['light', 'dark'], prefersDark);

function showAppearance() {
  document.documentElement.dataset.theme = appearance.get();
}

showAppearance();
appearance.subscribe(showAppearance);
