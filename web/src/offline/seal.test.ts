import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { db } from './phoneStore'
import { canSeal, sealText, unsealText } from './seal'

it('seals under a key that nobody can read out, for its owner only', async () => {
  expect(canSeal()).toBe(true)
  const sealed = await sealText('order-1', '张三 13812345678')
  expect(new TextDecoder().decode(sealed.box)).not.toContain('13812345678')
  expect(await unsealText('order-1', sealed)).toBe('张三 13812345678')
  await expect(unsealText('order-2', sealed)).rejects.toBeTruthy()
  const key = (await db.keys.get('orders'))!.key
  expect(key.extractable).toBe(false)
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toBeTruthy()
})

it('makes one key, though several ask at once', async () => {
  await db.keys.clear()
  const boxes = await Promise.all(['a', 'b', 'c'].map((id) => sealText(id, id)))
  expect(await Promise.all(['a', 'b', 'c'].map((id, i) => unsealText(id, boxes[i]!)))).toEqual(['a', 'b', 'c'])
})
