// Reads Vitest's report for bin/test and prints two numbers: tests passed, tests failed.
// A file that fails before its tests begin, a run that dies without a report and a skipped test each count as a failure: silence must never
// look like success.

import { existsSync, readFileSync } from 'node:fs'

interface Report {
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

const [file = '', exitCode = '1'] = process.argv.slice(2)
const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : { testResults: [] }

let passed = 0
let failed = 0
for (const { status, assertionResults } of report.testResults) {
  const good = assertionResults.filter((one) => one.status === 'passed').length
  const bad = assertionResults.length - good
  passed += good
  failed += status === 'passed' ? bad : Math.max(bad, 1)
}
if (exitCode !== '0' && failed === 0) failed = 1
if (passed === 0 && failed === 0) failed = 1
console.log(`${passed} ${failed}`)
