// Phones take pictures of ten megabytes and more; the record needs to be legible, not to be printed.
export const kBytesMax = 8 * 1024 * 1024
const kSideMax = 2560

// Gives the picture back as it is when it is small enough or cannot be read here.
export async function smallerPicture(file: Blob): Promise<Blob> {
  const keep = file.size < 1024 * 1024 && /^image\/(jpeg|png|webp)$/.test(file.type)
  if (keep) return file
  try {
    const image = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, kSideMax / Math.max(image.width, image.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(image.width * scale)
    canvas.height = Math.round(image.height * scale)
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    image.close()
    return await new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), 'image/jpeg', 0.85))
  } catch {
    return file
  }
}
