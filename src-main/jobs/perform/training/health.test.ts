import { describe, expect, test } from 'vitest'
import {
  smallBatch,
  smallDraws,
  smallNetworks,
  smallScalars,
  smallSettings,
} from '../../../cribo/networks-for-tests.ts'
import { TrainStep } from '../../../cribo/index.ts'
import { Health, type Vitals } from './health.ts'

const prototypes = 512
const well: Vitals = { loss: 5, teacherEntropy: 3, tokenVariance: 2 }
const newHealth = () => new Health(prototypes, () => 'Try a lower rate.')

function run(health: Health, vitals: Partial<Vitals>, steps: number): void {
  for (let step = 1; step <= steps; step++) health.check(step, { ...well, ...vitals })
}

test.each([NaN, Infinity, -Infinity])('a loss of %d stops at once', (loss) => {
  const health = newHealth()
  run(health, {}, 100)
  expect(() => run(health, { loss }, 1)).toThrow(
    expect.objectContaining({ code: 'training-diverged', advice: 'Try a lower rate.' }) as Error,
  )
})

test.each([
  [{ tokenVariance: 0.01 }, /alike/],
  [{ teacherEntropy: 0.001 }, /one prototype/],
  [{ teacherEntropy: Math.log(prototypes) }, /all prototypes/],
])('a collapse that lasts stops, and says which: %j', (vitals, cause) => {
  const health = newHealth()
  run(health, {}, 1)
  run(health, vitals, 19)
  expect(() => run(health, vitals, 1)).toThrow(expect.objectContaining({ code: 'training-collapsed' }) as Error)
  expect(() => run(health, vitals, 1)).toThrow(cause)
})

test('what passes is no collapse', () => {
  const health = newHealth()
  for (let i = 0; i < 10; i++) {
    run(health, {}, 1)
    run(health, { tokenVariance: 0.001 }, 19)
  }
})

test('a network with little variance to begin with is measured by its own', () => {
  run(newHealth(), { tokenVariance: 1e-5 }, 100)
})

describe('a network', () => {
  /** @returns the step at which training was stopped, and why; null where it was not */
  function trainUntilStopped(
    scalars: Partial<typeof smallScalars>,
    steps: number,
  ): { step: number; error: unknown } | null {
    using training = new TrainStep(smallNetworks(), smallSettings())
    const health = new Health(18, () => 'Try a lower rate.')
    for (let step = 1; step <= steps; step++) {
      const metrics = training.run(smallBatch(3, step), smallDraws(3, step), { ...smallScalars, ...scalars })
      try {
        health.check(step, metrics)
      } catch (error) {
        return { step, error }
      }
    }
    return null
  }

  test('whose weights decay to nothing collapses, and is stopped', () => {
    const stopped = trainUntilStopped({ rate: 1e-6, weightDecay: 9e5, teacherMomentum: 0 }, 60)
    expect(stopped?.error).toMatchObject({ code: 'training-collapsed', advice: 'Try a lower rate.' })
    expect(stopped?.step).toBeGreaterThanOrEqual(20)
  })

  test('whose rate is absurd comes to a loss that is no number, and is stopped at that step', () => {
    expect(trainUntilStopped({ rate: 1e30 }, 60)?.error).toMatchObject({ code: 'training-diverged' })
  })

  test('that trains well goes on', () => {
    expect(trainUntilStopped({}, 60)).toBeNull()
  })
})
