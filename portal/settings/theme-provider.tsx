import { ConfigProvider } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { antdTheme } from '../ui/theme/antd-theme.ts';
import { appearance } from './appearance.ts';
import { language } from './language.ts';
import { useIsPhone } from './screen.ts';

// The server allows inline style sheets only under the nonce of this page; see src/adapters/portal/security-headers.ts.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;

/** Ant Design in the portal's own tokens, following appearance, script and kind of screen. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const isDark = appearance.use() === 'dark';
  const isChinese = language.use() === 'zh-CN';
  const isPhone = useIsPhone();
  const theme = useMemo(() => antdTheme(isDark ? 'dark' : 'light', isChinese, isPhone), [isDark, isChinese, isPhone]);
  return (
    <ConfigProvider theme={theme} csp={{ nonce }} button={{ autoInsertSpace: false }} wave={{ disabled: true }}>
      {children}
    </ConfigProvider>
  );
}
