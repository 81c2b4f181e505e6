// Orders rest sealed on the device: AES-GCM under a key that the browser keeps and never gives out. Only a secure origin
// has the means; without them nothing about a customer is kept here.
import type { SealedBytes } from './db'
import { db } from './phoneStore'

export const canSeal = (): boolean => globalThis.isSecureContext !== false && globalThis.crypto?.subtle !== undefined

async function deviceKey(): Promise<CryptoKey> {
  const kept = await db.keys.get('orders')
  if (kept) return kept.key
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  // Two pages may come here at once: the first one's key counts for both.
  return db.transaction('rw', db.keys, async () => {
    const other = await db.keys.get('orders')
    if (other) return other.key
    await db.keys.add({ id: 'orders', key: fresh })
    return fresh
  })
}

// `owner`: what the box belongs to; it opens for nothing else.
export async function seal(owner: string, bytes: Uint8Array): Promise<SealedBytes> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const additionalData = new TextEncoder().encode(owner)
  const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, await deviceKey(), bytes)
  return { iv, box }
}

// Throws when the box was changed, belongs to something else or was made by another device.
export async function unseal(owner: string, sealed: SealedBytes): Promise<Uint8Array> {
  const additionalData = new TextEncoder().encode(owner)
  const open = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv, additionalData }, await deviceKey(), sealed.box)
  return new Uint8Array(open)
}

export const sealText = (owner: string, text: string): Promise<SealedBytes> => seal(owner, new TextEncoder().encode(text))
export const unsealText = async (owner: string, sealed: SealedBytes): Promise<string> => new TextDecoder().decode(await unseal(owner, sealed))
