// The tables of db.ts in IndexedDB.
import Dexie, { type EntityTable } from 'dexie'
import type { Block, DeviceKey, Entry, HeldOrder, HeldPhoto, Kept } from './db'

export class PhoneStore extends Dexie {
  declare kept: EntityTable<Kept, 'id'>
  declare outbox: EntityTable<Entry, 'seq'>
  declare keys: EntityTable<DeviceKey, 'id'>
  declare blocks: EntityTable<Block, 'seq'>
  declare orders: EntityTable<HeldOrder, 'seq'>
  declare photos: EntityTable<HeldPhoto, 'seq'>

  constructor() {
    super('tingan')
    this.version(1).stores({ kept: 'id', outbox: '++seq, person' })
    this.version(2).stores({ keys: 'id', blocks: '++seq, &[unit+first], unit', orders: '++seq, &id, person', photos: '++seq, order' })
  }
}

export const db = new PhoneStore()
