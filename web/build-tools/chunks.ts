// A slow line pays for every file: the phone's first picture is two scripts and two styles, whatever they are made of.
// `base` is what every place uses; `field` what the phone shows at once; `field-later` what it opens by hand.
const kBase = [
  /\/node_modules\/(vue|@vue|pinia|vue-demi|vue-router|vue-i18n|@intlify)\//,
  /\/src\/(api|store|stream|router|i18n)\/(?!messages\/)/,
  /\/src\/design\/(tokens|base)\.css/, // element.css must stay behind Element Plus's own
  /\/src\/i18n\/messages\/common\.json/,
  /\/src\/components\/(AppIcon|DueClock|EmptyNote|LanguageSwitch|ProblemNote|StaleNote|icons)/,
  /\/src\/(App\.vue|places\/index\.ts)/,
  /plugin-vue:export-helper|vite\/preload-helper|\/icon\.svg/,
]
const kLater = /\/src\/(places\/field\/(FormSheet|HeadcountSheet|MenuSheet|OutboxSheet|OfflineGuide|PhonesView|NoticesView)|components\/form\/)/
// The desk signs, too, and must not get the phone's own look with it.
const kSign = /\/src\/components\/form\/SignaturePad/
const kStore = /\/src\/offline\/phoneStore|\/node_modules\/dexie\//
const kField = /\/src\/(places\/field\/|offline\/(db|kept|origin|outbox)\.ts|i18n\/messages\/field\.json)|\/node_modules\/(vant|@vant)\//

// Rollup draws what a chunk's modules import into it, too: so a library's own `src` must not be taken for ours.
const kLibrary = /\/node_modules\//
const kOurLibraries = /\/node_modules\/(vue|@vue|pinia|vue-demi|vue-router|vue-i18n|@intlify|dexie|vant|@vant)\//

export function chunkOf(id: string): string | undefined {
  if (kLibrary.test(id) && !kOurLibraries.test(id)) return undefined
  if (kBase.some((each) => each.test(id))) return 'base'
  if (kSign.test(id)) return 'sign'
  if (kLater.test(id)) return 'field-later'
  if (kStore.test(id)) return 'field-store'
  if (kField.test(id)) return 'field'
  return undefined
}
