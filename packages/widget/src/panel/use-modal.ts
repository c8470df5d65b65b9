import { useEffect, useState } from 'preact/hooks';
import type { Ui } from './ui.tsx';

/**
 * Whether the panel covers the page. As long as it does, the page is inert, and the panel is as high as what the keyboard
 * leaves free.
 */
export const useModal = ({ shell: { host }, covers }: Ui): boolean => {
  const [modal, setModal] = useState(covers.matches);
  useEffect(() => {
    const change = () => setModal(covers.matches);
    covers.addEventListener('change', change);
    return () => covers.removeEventListener('change', change);
  }, [covers]);
  useEffect(() => {
    const { body } = document;
    const viewport = window.visualViewport;
    // Within the body, the panel would be inert itself.
    if (!modal || !viewport || body.contains(host)) return undefined;
    const wasInert = body.inert;
    const fit = () => {
      host.style.setProperty('--_height', `${viewport.height}px`);
      host.style.setProperty('--_top', `${viewport.offsetTop}px`);
    };
    fit();
    viewport.addEventListener('resize', fit);
    viewport.addEventListener('scroll', fit);
    body.inert = true;
    return () => {
      viewport.removeEventListener('resize', fit);
      viewport.removeEventListener('scroll', fit);
      body.inert = wasInert;
    };
  }, [modal, host]);
  return modal;
};
