import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { findPlainDate, type PlainDate } from '../kernel/plain-date.ts'
import { Problem } from '../kernel/problem.ts'
import { configWords as words } from './config-words.ts'

export interface Config {
  readonly port: number
  readonly host: string
  /** Undefined: the embedded server. */
  readonly databaseUrl: string | undefined
  /** Absolute. */
  readonly dataDir: string
  readonly today: PlainDate | undefined
  /** Absolute. */
  readonly keyFile: string
  readonly demoScale: number
  readonly isCookieSecure: boolean
}

interface Setting<T> {
  readonly name: string
  /** As printed in the documentation. */
  readonly standard: string
  /** One English line for the documentation. */
  readonly meaning: string
  /** What a wrong value is answered with. */
  readonly advice: string
  /** Undefined for text that is no value of this setting. */
  readonly parse: (text: string) => T | undefined
}

function setting<T>(line: Setting<T>): Setting<T> {
  return line
}

/** [CONFIG-1] Every setting of the product, once; docs/guides and a test are held against it. */
export const SETTINGS = {
  port: setting({
    name: 'PORT',
    standard: '3000',
    meaning: 'TCP port of web and API.',
    advice: words.port,
    parse: (text) => numberIn(text, 1, 65_535, /^\d{1,5}$/),
  }),
  host: setting({
    name: 'HOST',
    standard: '127.0.0.1',
    meaning: 'Address to listen on; 0.0.0.0 for every network of the machine.',
    advice: words.host,
    parse: (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
  }),
  databaseUrl: setting({
    name: 'DATABASE_URL',
    standard: '(embedded server)',
    meaning: 'An ordinary PostgreSQL 15 or newer: a login with CREATEROLE that owns the database.',
    advice: words.databaseUrl,
    parse: databaseUrl,
  }),
  dataDir: setting({
    name: 'BAOXUE_DATA',
    standard: '.data',
    meaning: 'Folder of database, sealed files and keys.',
    advice: words.folder,
    parse: filled,
  }),
  today: setting({
    name: 'BAOXUE_TODAY',
    standard: '(the day in China)',
    meaning: 'Holds the business day still, YYYY-MM-DD, for demonstrations and tests.',
    advice: words.day,
    parse: findPlainDate,
  }),
  keyFile: setting({
    name: 'BAOXUE_KEY_FILE',
    standard: '<BAOXUE_DATA>/keys/baoxue.key',
    meaning: 'The key of all sealed records. Made at the first start; without it they cannot be opened.',
    advice: words.file,
    parse: filled,
  }),
  demoScale: setting({
    name: 'BAOXUE_DEMO_SCALE',
    standard: '0.01',
    meaning: 'Share of the city (1 = 3.14 million pupils) loaded into an empty database; 0 loads nothing.',
    advice: words.scale,
    parse: (text) => numberIn(text, 0, 1, /^\d*\.?\d+$/),
  }),
  isCookieSecure: setting({
    name: 'BAOXUE_SECURE_COOKIE',
    standard: 'no',
    meaning: 'yes behind HTTPS: browsers then send the session cookie over HTTPS only.',
    advice: words.yesNo,
    parse: (text) => ({ yes: true, no: false })[text],
  }),
} as const

/** Settings of the test runner, which reads them itself. */
export const TEST_SETTINGS = [
  {
    name: 'BAOXUE_TEST_DATABASE_URL',
    meaning: 'Runs the database tests on another server; what `npm run test:pg -- URL` sets.',
  },
  { name: 'BAOXUE_CHROMIUM', meaning: 'Path of the browser for the browser tests.' },
] as const

const OWN_PREFIX = 'BAOXUE_'

/** [CONFIG-2] The environment wins over `.env`; an empty value counts as absent; a bad or unknown one stops the start. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  const texts = { ...readEnvFile(join(cwd, '.env')), ...filledOnly(env) }
  refuseUnknown(texts)
  const read = <T>(line: Setting<T>): T | undefined => {
    const text = texts[line.name]?.trim()
    if (text === undefined || text === '') return undefined
    const value = line.parse(text)
    if (value === undefined) throw new Problem('SYSTEM.CONFIG', { setting: line.name, advice: line.advice })
    return value
  }
  const dataDir = resolve(cwd, read(SETTINGS.dataDir) ?? SETTINGS.dataDir.standard)
  return {
    port: read(SETTINGS.port) ?? Number(SETTINGS.port.standard),
    host: read(SETTINGS.host) ?? SETTINGS.host.standard,
    databaseUrl: read(SETTINGS.databaseUrl),
    dataDir,
    today: read(SETTINGS.today),
    keyFile: resolve(cwd, read(SETTINGS.keyFile) ?? join(dataDir, 'keys', 'baoxue.key')),
    demoScale: read(SETTINGS.demoScale) ?? Number(SETTINGS.demoScale.standard),
    isCookieSecure: read(SETTINGS.isCookieSecure) ?? false,
  }
}

function readEnvFile(path: string): Readonly<Record<string, string | undefined>> {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new Problem('SYSTEM.CONFIG', { setting: '.env', advice: words.envFile })
  }
}

function filledOnly(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(env).filter(([, text]) => text !== undefined && text.trim() !== ''))
}

function refuseUnknown(texts: Readonly<Record<string, string | undefined>>): void {
  const known = new Set<string>([...Object.values(SETTINGS), ...TEST_SETTINGS].map(({ name }) => name))
  const unknown = Object.keys(texts).find((name) => name.startsWith(OWN_PREFIX) && !known.has(name))
  if (unknown !== undefined) throw new Problem('SYSTEM.CONFIG', { setting: unknown, advice: words.unknown(unknown) })
}

function numberIn(text: string, least: number, most: number, shape: RegExp): number | undefined {
  const value = Number(text)
  return shape.test(text) && value >= least && value <= most ? value : undefined
}

function filled(text: string): string | undefined {
  return text === '' || text.includes('\0') ? undefined : text
}

function databaseUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, pathname } = new URL(text)
  return /^postgres(ql)?:$/.test(protocol) && pathname.length > 1 ? text : undefined
}
