import { encode } from 'uqr';
import './qr-code.css';

/** A QR code of a text, dark on white in either appearance, since scanners expect it so. */
export function QrCode({ text, label, size = 192 }: { text: string; label: string; size?: number }) {
  const quiet = 4;
  const { data } = encode(text, { ecc: 'M', border: 0 });
  const side = data.length + 2 * quiet;
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + quiet} ${y + quiet}h1v1h-1z` : '')))
    .join('');
  return (
    <svg
      className="qr-code"
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <path className="qr-code-ground" d={`M0 0h${side}v${side}h-${side}z`} />
      <path className="qr-code-dots" d={path} />
    </svg>
  );
}
