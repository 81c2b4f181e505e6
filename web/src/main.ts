import { createPinia } from 'pinia'
import { createApp } from 'vue'
import './design/tokens.css'
import './design/base.css'
import App from './App.vue'
import { i18n } from './i18n'
import { router } from './router'

async function start(): Promise<void> {
  createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
  // Only a secure origin has one; without it the page works as long as the node does.
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    await navigator.serviceWorker.register('/sw.js').catch(() => undefined)
  }
}

void start()
