/** A table in Markdown, for the screen and for docs/measurements.md alike. */
export function printTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  const parts = [
    `\n**${title}**\n`,
    line(head),
    line(head.map((_, index) => (index === 0 ? '---' : '--:'))),
    ...rows.map(line),
  ]
  process.stdout.write(`${parts.join('\n')}\n`)
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function percent(part: number, whole: number, digits = 2): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(digits)} %`
}

export function seconds(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(1)
}
