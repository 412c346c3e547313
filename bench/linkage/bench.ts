import { mkdirSync } from 'node:fs'
import { loadNow, machineNote } from '../machine.ts'
import { printLine } from '../table.ts'
import { printErrors } from './errors.ts'
import { printFebrl4 } from './febrl4.ts'
import { type Options, optionsOf, type Part } from './options.ts'
import { findSplink, type Splink } from './programs.ts'
import { printOfficer, printQuality } from './quality.ts'
import { printChange, printCost, printGrowth } from './speed.ts'

/**
 * The linkage beside others on the same data in the same run: who is truly out of school against the generator's truth,
 * real Splink, public truth, cost, growth, a re-linked change list, and (only where it is asked for) errors by cause.
 * Every table is Markdown, ready for docs/measurements.md.
 */
export async function benchLinkage(args: readonly string[]): Promise<void> {
  const options = optionsOf(args)
  mkdirSync(options.root, { recursive: true })
  printLine(`${new Date().toISOString().slice(0, 16)}Z, ${machineNote()}, load ${loadNow()}; linkage ${args.join(' ')}`)
  const does = (part: Part) => options.parts.includes(part)
  const splink = does('splink') ? await splinkOrWord(options) : null
  if (does('quality')) {
    const isTogether = splink !== null && options.splinkScale === options.scale
    await printQuality(options, options.scale, isTogether ? splink : null)
    await printOfficer(options)
    if (splink !== null && !isTogether) await printQuality(options, options.splinkScale, splink)
  }
  if (does('febrl4')) await printFebrl4(options, splink)
  if (does('cost')) await printCost(options)
  if (does('growth')) await printGrowth(options)
  if (does('change')) await printChange(options)
  if (does('errors')) await printErrors(options)
}

async function splinkOrWord(options: Options): Promise<Splink | null> {
  const found = await findSplink(options.root)
  if (typeof found !== 'string') return found
  printLine(found)
  return null
}
