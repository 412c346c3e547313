import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fillClass, MAP_FILLS } from './values.ts'

const css = readFileSync(new URL('./map.css', import.meta.url), 'utf8')
const patterns = readFileSync(new URL('./fill-patterns.tsx', import.meta.url), 'utf8')
/** Readable text, WCAG 2.2 AA, 1.4.3. */
const READABLE = 4.5
const INK = '#1f2329'
const PAPER = '#ffffff'

test('[MAP-7] the five tints darken step by step on a grey print, and figures on them stay readable', () => {
  const tints = [0, 1, 2, 3, 4].map((step) => colourOf(`--map-tint-${step}`))
  tints.slice(1).forEach((tint, step) => {
    expect(contrast(tint, tints[step] ?? '')).toBeGreaterThan(1.2)
  })
  expect(tints.map((tint, step) => contrast(tint, step === 4 ? PAPER : INK) >= READABLE)).toEqual(Array(5).fill(true))
  expect(css).toMatch(/\.map-tint-4 \{[^}]*--letters: var\(--paper\)/)
})

test('[MAP-7] what is no tint has a pattern of its own, so that it is told apart without colour', () => {
  const untinted = MAP_FILLS.filter((fill) => typeof fill !== 'number')
  expect(untinted.filter((fill) => !patterns.includes(`-${fill}\``))).toEqual([])
  expect(MAP_FILLS.filter((fill) => !css.includes(`.${fillClass(fill)} {`))).toEqual([])
})

function colourOf(name: string): string {
  return new RegExp(`${name}: (#[0-9a-f]{6})`).exec(css)?.[1] ?? `no ${name}`
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
