const shapes = {
  search: 'M8.7 14.2a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11Zm4-1.5 4.3 4.3',
  sun: 'M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM10 2.5v1.6m0 11.8v1.6M2.5 10h1.6m11.8 0h1.6M4.7 4.7l1.1 1.1m8.4 8.4 1.1 1.1m0-10.6-1.1 1.1m-8.4 8.4-1.1 1.1',
  moon: 'M16.6 11.9A7 7 0 0 1 8.1 3.4a7 7 0 1 0 8.5 8.5Z',
  person: 'M10 10a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6Zm-6.2 7a6.2 6.2 0 0 1 12.4 0',
  leave: 'M8 3.5H4v13h4M12 6.5l3.5 3.5-3.5 3.5M15.5 10H7.5',
  right: 'm7.8 5 5 5-5 5',
  left: 'm12.2 5-5 5 5 5',
  down: 'm5 7.8 5 5 5-5',
  home: 'M3.2 9.2 10 3.4l6.8 5.8M5 8v8.5h3.6v-4.6h2.8v4.6H15V8',
  history: 'M3.6 10a6.4 6.4 0 1 0 2-4.6L3.6 7.3m0-3.8v3.8h3.8M10 6.6V10l2.5 1.6',
  flask: 'M8 3.2h4M8.6 3.2v4.9l-4.3 7.3a1 1 0 0 0 .9 1.5h9.6a1 1 0 0 0 .9-1.5L11.4 8V3.2M6.3 12.3h7.4',
  pill: 'M10.9 4.5a3.3 3.3 0 0 1 4.6 4.6l-6.4 6.4a3.3 3.3 0 0 1-4.6-4.6l6.4-6.4ZM7.7 7.7l4.6 4.6',
  heart: 'M10 16.4 4.3 10.6a3.6 3.6 0 0 1 5.1-5.1l.6.7.6-.7a3.6 3.6 0 0 1 5.1 5.1L10 16.4Z',
  syringe: 'm12.6 3.2 4.2 4.2M14.7 5.3l-2 2M11 5.6 4.9 11.7v3.4h3.4l6.1-6.1L11 5.6ZM4.9 15.1l-2 2M8.4 8.2l1.6 1.6',
  document: 'M5 3.2h6.6l3.4 3.5v10.1H5V3.2Zm6.4 0v3.7H15M7.6 10.2h4.8M7.6 13.2h4.8',
  procedure:
    'M4.2 15.8 10 10m1.2-6.8a3.6 3.6 0 0 0-.4 4.3l-6.5 6.4a1.3 1.3 0 0 0 1.8 1.8l6.5-6.4a3.6 3.6 0 0 0 4.6-4.5l-2.3 2.3-2.3-.6-.6-2.3 2.3-2.3a3.6 3.6 0 0 0-3.1 1.3Z',
  clock: 'M10 16.8a6.8 6.8 0 1 0 0-13.6 6.8 6.8 0 0 0 0 13.6ZM10 6.2V10l2.6 1.6',
  refresh: 'M16.2 9.2a6.3 6.3 0 1 0-1.6 5.2M16.4 4.6v4.6h-4.6',
  cross: 'm5.5 5.5 9 9m0-9-9 9',
  tick: 'm4.4 10.4 3.7 3.7 7.5-8.2',
  unreachable: 'm3 3 14 14M6.2 7.1a4.1 4.1 0 0 0-.4 8h8.5M9.4 5.1a5 5 0 0 1 5.5 4.2 3 3 0 0 1 1.7 4.8',
  lock: 'M5 9.2h10v7.4H5V9.2Zm2 0V6.4a3 3 0 0 1 6 0v2.8',
  report: 'M3 16.5h14M5.5 16.5v-5m4.5 5v-9m4.5 9V4.5',
  alert: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm0-10.4v4m0 2.7h.01',
  hospital: 'M4 17V6.4h8V17M12 9.4h4V17M2.8 17h14.4M8 8.6v4m-2-2h4',
  eye: 'M2.6 10S5.3 5 10 5s7.4 5 7.4 5-2.7 5-7.4 5-7.4-5-7.4-5ZM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z',
  pair: 'M3.2 6.4h8.4v10.4H3.2V6.4ZM8.4 6V3.2h8.4v10.4H14',
  code: 'M3.5 3.5H8V8H3.5V3.5ZM12 3.5h4.5V8H12V3.5ZM3.5 12H8v4.5H3.5V12ZM12 12h1.6v1.6M16.5 12v2m-4.5 2.5h2m2.5-.2v.2',
  menu: 'M3.5 5.5h13m-13 4.5h13m-13 4.5h13',
} as const;

export type IconName = keyof typeof shapes;

/** A line drawing on a 20-unit grid; always beside a word, or inside a control with a label. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
