// Icons: a stroke each on a grid of 24, drawn where they stand. They only accompany words, so none of them is read aloud.

const strokes = {
  flow: 'M4 6h5v5H4z M15 13h5v5h-5z M9 8.5h4.5a2 2 0 0 1 2 2V13',
  orders: 'M6 4h12v16l-3-2-3 2-3-2-3 2z M9 9h6 M9 13h6',
  add: 'M12 5v14 M5 12h14',
  backtest: 'M4 4v16h16 M8 15h.01 M11 10h.01 M15 8h.01 M19 6.500h.01 M8 12v6 M11 7v6 M15 5v6 M19 4v5',
  plan: 'M4 4v16h16 M7 15l4-4 3 2 5-6 M15 7h4v4',
  purchase: 'M3 5h2l2.4 10.5h10.2L20 8H6 M9 20h.01 M17 20h.01',
  produce: 'M4 20V10l5 3v-3l5 3v-3l5 3v7z M8 17h.01 M12 17h.01 M16 17h.01',
  short: 'M4 5h16 M4 12h9 M4 19h5 M18 11v8 M15 16l3 3 3-3',
  picks: 'M4 6l1.5 1.5L8 5 M4 12l1.5 1.5L8 11 M4 18l1.5 1.5L8 17 M11 6.5h9 M11 12.5h9 M11 18.5h9',
  transfers: 'M4 8h15 M15 4l4 4-4 4 M20 16H5 M9 12l-4 4 4 4',
  sourcing: 'M4 5h5c5 0 4 7 11 7 M4 12h16 M4 19h5c5 0 4-7 11-7 M17 9l3 3-3 3',
  counts: 'M5 4v16 M10 4v16 M15 4v16 M3 15L20 8',
  losses: 'M12 3l8 4.5v9L12 21l-8-4.5v-9z M9 12h6',
  shrinkage: 'M4 4v16h16 M8 8l4 5 3-2 5 6 M20 13v4h-4',
  transport: 'M3 7h11v9H3z M14 10h4l3 3v3h-7z M7 18.5h.01 M17 18.5h.01',
  items: 'M12 3l8 4.5v9L12 21l-8-4.5v-9z M4 7.5l8 4.5 8-4.5 M12 12v9',
  stock: 'M4 4v16 M20 4v16 M4 10h16 M4 17h16 M7 6.5h4V10H7z M13 13h4v4h-4z',
  places: 'M4 4h7v7H4z M13 4h7v7h-7z M4 13h7v7H4z M13 13h7v7h-7z',
  value:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M15 8.5c-.6-.9-1.700-1.500-3-1.500-1.700 0-3 .9-3 2.300 0 3.200 6 1.700 6 5 0 1.400-1.300 2.400-3 2.400-1.300 0-2.500-.6-3-1.600 M12 5.500v13',
  recalls: 'M9 6L4 11l5 5 M4 11h11a5 5 0 0 1 0 10h-3',
  exceptions: 'M12 4l9 16H3z M12 10v4 M12 17h.01',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14z M20 20l-4-4',
  menu: 'M4 6h16 M4 12h16 M4 18h16',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M12 2v2 M12 20v2 M2 12h2 M20 12h2 M5 5l1.5 1.5 M17.5 17.5L19 19 M5 19l1.5-1.5 M17.5 6.5L19 5',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  device: 'M4 5h16v11H4z M9 20h6 M12 16v4',
  help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7 M12 17h.01',
  columns: 'M4 5h16v14H4z M9.5 5v14 M14.5 5v14',
  leave: 'M14 4h5v16h-5 M3 12h11 M10 8l4 4-4 4',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M4 21c1-4 4-6 8-6s7 2 8 6',
  users:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z M2.5 20c.8-3.5 3.3-5.5 6.5-5.5s5.7 2 6.5 5.5 M16 5.5a3.3 3.3 0 0 1 0 6.2 M18 15c1.900.9 3 2.6 3.5 5',
  key: 'M8 11a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z M11.5 12.5L20 4 M16 8l3 3 M13.5 10.5l2 2',
  audit: 'M6 3h9l4 4v14H6z M14 3v5h5 M9 12h7 M9 16h5',
  copy: 'M9 9h11v11H9z M5 15H4V4h11v1',
  remove: 'M6 6l12 12 M18 6L6 18',
  again: 'M20 12a8 8 0 1 1-2.5-5.8 M20 4v4h-4',
  back: 'M19 12H5 M11 6l-6 6 6 6',
  done: 'M5 12.5l4.5 4.5L19 7.5',
} as const

export type IconName = keyof typeof strokes

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      focusable="false"
    >
      <path d={strokes[name]} />
    </svg>
  )
}
