import jsqr from 'jsqr';
import type { Page } from 'playwright-core';

/** The text of the QR code in a screenshot of a page, as a camera would see it; fails when there is none. */
export async function readQrCode(page: Page): Promise<string> {
  const picture = (await page.screenshot()).toString('base64');
  const reader = await page.context().newPage();
  const { data, width, height } = await reader.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (!context) throw new Error('There is no canvas');
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { data: [...pixels.data], width: bitmap.width, height: bitmap.height };
  }, picture);
  await reader.close();
  const found = jsqr.default(Uint8ClampedArray.from(data), width, height);
  if (!found) throw new Error('There is no QR code in the screenshot');
  return found.data;
}
