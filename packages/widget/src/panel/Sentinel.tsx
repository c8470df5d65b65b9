import { useEffect, useRef } from 'preact/hooks';

/**
 * Tells whether this place of the list is in view, at first and at each change. Give it a new key to be told again.
 */
export const Sentinel = ({ onView }: { onView(isIn: boolean): void }) => {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(onView);
  latest.current = onView;
  useEffect(() => {
    if (!place.current || typeof IntersectionObserver === 'undefined') return undefined;
    const observer = new IntersectionObserver(
      (entries) => latest.current(entries.at(-1)?.isIntersecting ?? false),
      { root: place.current.closest('[role=log]'), rootMargin: '24px 0px' },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return <div ref={place} />;
};
