import { type ThemeConfig, theme } from 'antd';
import tokens from '../tokens.json' with { type: 'json' };

export type Appearance = 'light' | 'dark';

const roles = { light: tokens.color.light, dark: tokens.color.dark };

/** A component token is either the name of a colour role or a plain value. */
function resolveRole(value: string | number, appearance: Appearance) {
  const colours: Record<string, string> = roles[appearance];
  return typeof value === 'string' ? (colours[value] ?? value) : value;
}

function componentTokens(appearance: Appearance): ThemeConfig['components'] {
  return Object.fromEntries(
    Object.entries(tokens.antd.components).map(([component, values]) => [
      component,
      Object.fromEntries(Object.entries(values).map(([token, value]) => [token, resolveRole(value, appearance)])),
    ]),
  );
}

/** The Ant Design theme that portal/ui/tokens.json describes, for one appearance, script and kind of screen. */
export function antdTheme(appearance: Appearance, isChinese: boolean, isPhone: boolean): ThemeConfig {
  return {
    algorithm: appearance === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      ...tokens.antd.shared,
      ...tokens.antd.themeToken[appearance],
      ...(isChinese ? tokens.antd.chineseOverride : {}),
      ...(isPhone ? tokens.antd.phoneOverride : {}),
    },
    components: componentTokens(appearance),
  };
}
