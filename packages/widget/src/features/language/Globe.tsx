/** The sign for languages, for those who cannot read the one that is spoken. */
export const Globe = () => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">
    <path d="M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zm-17 0h17M12 3.5c-5 5-5 12 0 17 5-5 5-12 0-17z" />
  </svg>
);
