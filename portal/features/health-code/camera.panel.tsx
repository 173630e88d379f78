import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readPicture } from './read-picture.ts';

/** The picture of the camera, looked at five times a second until there is a code in it. */
export function CameraPanel({ onCode }: { onCode: (text: string) => void }) {
  const { t } = useTranslation('health-code');
  const video = useRef<HTMLVideoElement>(null);
  const [isRefused, setRefused] = useState(false);
  const told = useRef(onCode);
  told.current = onCode;
  useEffect(() => {
    let stream: MediaStream | undefined;
    let isOver = false;
    const look = async () => {
      if (isOver || !video.current) return;
      const text = await readPicture(video.current);
      if (isOver) return;
      if (text) told.current(text);
      else setTimeout(look, 200);
    };
    const start = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (isOver || !video.current) return stream.getTracks().forEach((track) => void track.stop());
      video.current.srcObject = stream;
      await video.current.play();
      await look();
    };
    start().catch(() => !isOver && setRefused(true));
    return () => {
      isOver = true;
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, []);
  if (isRefused) return <p role="alert">{t('scan.noCamera')}</p>;
  return <video ref={video} className="code-camera" playsInline muted aria-label={t('scan.camera')} />;
}
