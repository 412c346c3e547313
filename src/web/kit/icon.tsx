/** Line icons on a 24 grid, drawn for this product. Always beside a word, so hidden from readers. */
const PATHS = {
  compare: 'M8 4v16M16 4v16M3 8h5M16 8h5M3 16h5M16 16h5M11 12h2',
  units: 'M4 21V9l8-5 8 5v12M4 21h16M9 21v-6h6v6M9 11h.01M15 11h.01',
  people:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-6.500 7-6.500s7 2.500 7 6.500M16 4a3.500 3.500 0 0 1 0 7M18 15c2.500.8 4 2.800 4 6',
  book: 'M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11M9 8h6',
  eye: 'M2 12s3.500-6.500 10-6.500S22 12 22 12s-3.500 6.500-10 6.500S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  person: 'M12 12a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM4 21c0-4.500 3.500-7 8-7s8 2.500 8 7',
  search: 'M11 17.500a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM16 16l5 5',
  check: 'M5 12l5 5 9-10',
  calendar: 'M4 5h16v15H4zM4 9.500h16M8 3v4M16 3v4',
  plus: 'M12 5v14M5 12h14',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  upload: 'M12 20V8M7 12l5-5 5 5M5 4h14',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  down: 'M6 9l6 6 6-6',
  right: 'M9 6l6 6-6 6',
  left: 'M15 6l-6 6 6 6',
  cross: 'M6 6l12 12M18 6L6 18',
  alert: 'M12 3.500 21.500 20h-19zM12 10v4.500M12 17.200v.1',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.600v.1',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2',
  file: 'M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  leave: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
  balance: 'M12 4v16M7 20h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z',
  map: 'M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14',
  sheet: 'M4 4h16v16H4zM4 9h16M4 14.500h16M10 9v11',
  folder: 'M3 6h7l2 2.500h9V19H3z',
  undo: 'M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6v1',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
