import jsqr from 'jsqr';

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

type DetectorClass = new (options: { formats: string[] }) => Detector;

/** By the browser itself where it can; undefined elsewhere. */
function createDetector(): Detector | undefined {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  return BarcodeDetector && new BarcodeDetector({ formats: ['qr_code'] });
}

const detector = createDetector();
const canvas = document.createElement('canvas');

/** The text of a QR code in what the camera shows now; undefined when there is none. */
export async function readPicture(video: HTMLVideoElement): Promise<string | undefined> {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0) return undefined;
  const [found] = (await detector?.detect(video).catch(() => [])) ?? [];
  if (found) return found.rawValue;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.drawImage(video, 0, 0);
  return jsqr.default(context.getImageData(0, 0, width, height).data, width, height)?.data;
}
