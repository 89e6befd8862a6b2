import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from './money.ts'
import { nextStep, paidOf, paymentStateOf, type PaymentAction, type StepState } from './payment.ts'

const step = (action: PaymentAction, amount: number, state: StepState = 'done') => ({ action, amount: money(amount), state })

describe('what is asked next', () => {
  test.each([
    // steps so far                                                                due  over   next
    [[],                                                                           100, false, undefined],
    [[step('authorise', 300, 'asked')],                                            100, false, undefined],
    [[step('authorise', 300, 'declined')],                                         100, false, undefined],
    [[step('authorise', 300)],                                                     0,   false, undefined],
    [[step('authorise', 300)],                                                     100, false, step('capture', 100)],
    [[step('authorise', 300), step('capture', 100)],                               100, false, undefined],
    [[step('authorise', 300), step('capture', 100, 'asked')],                      250, false, step('capture', 150)],
    [[step('authorise', 300), step('capture', 100, 'unclear')],                    100, false, undefined],
    [[step('authorise', 300), step('capture', 100, 'declined')],                   100, false, step('capture', 100)],
    [[step('authorise', 300), step('capture', 300)],                               200, false, step('refund', 100)],
    [[step('authorise', 300), step('capture', 300), step('refund', 100)],          300, false, undefined],
    [[step('authorise', 300)],                                                     0,   true,  step('void', 300)],
    [[step('authorise', 300), step('capture', 100)],                               100, true,  step('void', 200)],
    [[step('authorise', 300), step('void', 300, 'asked')],                         0,   true,  undefined],
    [[step('authorise', 300), step('capture', 300)],                               300, true,  undefined],
  ] as const)('after %j with %i due (over: %s)', (steps, due, isOver, next) => {
    const { action, amount } = next ?? {}
    expect(nextStep(steps, money(due), isOver)).toEqual(next && { action, amount })
  })

  test('never charges more than is due or authorised, whatever was declined and however often it is asked', () => {
    const happening = fc.record({ due: fc.integer({ min: 0, max: 1_000 }), fate: fc.constantFrom<StepState>('done', 'declined', 'unclear', 'asked'), over: fc.boolean() })
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 20 }), (all) => {
        const steps = [step('authorise', 1_000)]
        for (const { due, fate, over } of all) {
          const next = nextStep(steps, money(due), over)
          if (next !== undefined) steps.push({ ...next, state: fate })
          const open = (action: PaymentAction) => steps.filter((one) => one.action === action && one.state !== 'declined').reduce((sum, one) => sum + one.amount, 0)
          expect(open('capture') - open('refund')).toBeGreaterThanOrEqual(0)
          expect(open('capture')).toBeLessThanOrEqual(1_000)
          if (next?.action === 'capture' && fate === 'done') expect(open('capture') - open('refund')).toBeLessThanOrEqual(due)
        }
      }),
    )
  })
})

test.each([
  [[],                                                                          'waiting'],
  [[step('authorise', 9, 'asked')],                                             'asked'],
  [[step('authorise', 9), step('capture', 9, 'unclear')],                       'unclear'],
  [[step('authorise', 9, 'declined')],                                          'declined'],
  [[step('authorise', 9)],                                                      'authorised'],
  [[step('authorise', 9), step('capture', 5)],                                  'captured'],
  [[step('authorise', 9), step('void', 9)],                                     'voided'],
  [[step('authorise', 9), step('capture', 5), step('refund', 5)],               'refunded'],
] as const)('a payment of %j is %s', (steps, state) => {
  expect(paymentStateOf(steps)).toBe(state)
})

test('what is paid is what is done', () => {
  expect(paidOf([step('authorise', 9), step('capture', 5), step('capture', 4, 'asked'), step('refund', 2)])).toEqual({ authorised: 9, captured: 5, refunded: 2 })
})
