import { expect, it } from 'vitest'
import { noteWaiting, waitingElsewhere } from './origin'

it('finds what waits under another origin of this host, and not its own', () => {
  noteWaiting(3)
  expect(waitingElsewhere()).toEqual([])
  const old = `tingan_waiting_http___10_0_0_5_8080=${encodeURIComponent('2 http://10.0.0.5:8080')}`
  expect(waitingElsewhere(`a=b; ${old}; ${document.cookie}`)).toEqual([{ count: 2, origin: 'http://10.0.0.5:8080' }])
  const orders = `tingan_waiting_http___10_0_0_5_8080_orders=${encodeURIComponent('3 http://10.0.0.5:8080')}`
  expect(waitingElsewhere(`${old}; ${orders}`)).toEqual([{ count: 5, origin: 'http://10.0.0.5:8080' }])
  expect(waitingElsewhere('tingan_waiting_x=0%20http%3A%2F%2Fx')).toEqual([])
  expect(waitingElsewhere(`tingan_waiting_x=${encodeURIComponent('1 javascript:alert(1)')}`)).toEqual([])
  noteWaiting(0)
  expect(document.cookie).not.toMatch(/=[1-9]\d*%20http/)
})
