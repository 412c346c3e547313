#!/usr/bin/env node
// `npx baoxue …`: the command line, on the pinned Node whatever the machine has.
import { installPackages } from '../scripts/install.mjs'
import { runPinned } from '../scripts/run.mjs'

installPackages()
runPinned(['src/app/cli.ts', ...process.argv.slice(2)])
