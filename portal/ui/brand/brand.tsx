import './brand.css';

/** The meridian: a thin line through the globe, with the open ring that marks now. */
export function BrandMark({ size = 22 }: { size?: number }) {
  return (
    <svg
      className="brand-mark"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      aria-hidden="true"
    >
      <circle cx="12" cy="12" r="9.2" strokeWidth="1.7" />
      <path d="M12 2.8v6.3m0 5.8v6.3" strokeWidth="1.7" />
      <circle cx="12" cy="12" r="2.9" strokeWidth="1.7" />
      <path d="M7.2 4.3c-2.6 4.8-2.6 10.6 0 15.4M16.8 4.3c2.6 4.8 2.6 10.6 0 15.4" strokeWidth="1" opacity=".55" />
    </svg>
  );
}

export function Brand({ room }: { room?: string }) {
  return (
    <span className="brand">
      <BrandMark />
      Meridian
      {room && <span className="brand-room">{room}</span>}
    </span>
  );
}
