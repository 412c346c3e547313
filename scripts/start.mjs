// `npm start`: installs what is missing, builds the web, then runs the product on the pinned Node.
import { buildWeb } from './build-web.mjs'
import { installPackages } from './install.mjs'
import { runPinned } from './run.mjs'

installPackages()
buildWeb()
runPinned(['src/app/main.ts', ...process.argv.slice(2)])
