// Runs before the first paint, so that a dark room never flashes white. Kept in step with shell/theme.ts and language.ts.
const root = document.documentElement;
const theme = localStorage.getItem('meridian.theme');
const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
root.dataset.theme = dark ? 'dark' : 'light';
root.lang = localStorage.getItem('meridian.language') ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en');
