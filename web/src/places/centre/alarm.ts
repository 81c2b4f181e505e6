// Two rising tones, for a new severe event on the wall; made here, so that nothing has to be loaded.
let context: AudioContext | null = null

export function alarm(): void {
  context ??= new AudioContext()
  const at = context.currentTime
  ;[660, 880].forEach((pitch, i) => {
    if (!context) return
    const tone = context.createOscillator()
    const loudness = context.createGain()
    tone.frequency.value = pitch
    loudness.gain.setValueAtTime(0, at + i * 0.35)
    loudness.gain.linearRampToValueAtTime(0.3, at + i * 0.35 + 0.02)
    loudness.gain.linearRampToValueAtTime(0, at + i * 0.35 + 0.3)
    tone.connect(loudness).connect(context.destination)
    tone.start(at + i * 0.35)
    tone.stop(at + i * 0.35 + 0.32)
  })
}
