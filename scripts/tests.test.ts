import { expect, test } from 'vitest'
import { countTests } from './tests.ts'

const report = {
  success: true,
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
}

test('counts passed, failed and skipped tests', () => {
  expect(countTests(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 2 })
  expect(countTests({ ...report, success: false, numFailedTests: 2 }, 1)).toEqual({ passed: 5, failed: 2, skipped: 2 })
})

test('counts a file that could not be loaded as one failed test', () => {
  const unloaded = { status: 'failed', assertionResults: [] }
  expect(countTests({ ...report, success: false, testResults: [unloaded, unloaded] }, 1).failed).toBe(2)
})

test('never says that all passed where vitest failed', () => {
  expect(countTests(report, 1).failed).toBe(1)
  expect(countTests({ ...report, success: false }, 0).failed).toBe(1)
  expect(countTests(null, 137)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})
