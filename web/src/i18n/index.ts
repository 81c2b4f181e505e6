// Two languages, Chinese first. Messages come with the place that needs them; texts of the program carry both languages.
import { createI18n, useI18n } from 'vue-i18n'
import { computed } from 'vue'
import { identity } from '@/api/client'
import common from './messages/common.json'

export type Language = 'zh' | 'en'
type Loaded = { default: Record<Language, Record<string, unknown>> }

const kKey = 'tingan.language'
const sources = import.meta.glob<Loaded>(['./messages/*.json', '!./messages/common.json'])

function remembered(): Language {
  try {
    return localStorage.getItem(kKey) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh'
  }
}

export const i18n = createI18n({
  legacy: false,
  locale: remembered(),
  fallbackLocale: 'zh',
  // Every page needs the common ones: they come with the program, not after it.
  messages: { zh: { common: common.zh }, en: { common: common.en } },
  missingWarn: import.meta.env.DEV,
})

const loaded = new Set<string>(['common'])

// `place` is the name of a file in messages/; its keys stand under that name: t('field.declare').
export async function loadMessages(...places: string[]): Promise<void> {
  await Promise.all(
    places.map(async (place) => {
      if (loaded.has(place)) return
      const source = sources[`./messages/${place}.json`]
      if (!source) throw new Error(`no messages for ${place}`)
      const messages = (await source()).default
      for (const language of ['zh', 'en'] as const) {
        i18n.global.mergeLocaleMessage(language, { [place]: messages[language] })
      }
      loaded.add(place)
    }),
  )
}

export function language(): Language {
  return i18n.global.locale.value as Language
}

export function setLanguage(to: Language): void {
  i18n.global.locale.value = to
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'
  identity.language = to
  try {
    localStorage.setItem(kKey, to)
  } catch {
    // A browser that keeps nothing starts in Chinese next time.
  }
}

setLanguage(remembered())

export function pick(text: { zh: string; en: string } | null | undefined): string {
  return text ? text[language()] : ''
}

// In components: t for the page's words, say for the program's.
export function useWords() {
  const { t } = useI18n({ useScope: 'global' })
  return { t, say: pick, lang: computed(language), setLanguage }
}
