const SKIES = {
  dawn: ['#fde7c4', '#f59e6b', '#b45309'],
  fog: ['#e7ecf3', '#9fb1c7', '#475569'],
  storm: ['#c9cfe8', '#5b5f97', '#25284f'],
} as const;

/** A bag of coffee under its own sky. Decoration: hidden from screen readers. */
export const beanArt = (name: keyof typeof SKIES): string => {
  const [sky, cloud, bag] = SKIES[name];
  return `<svg class="art" viewBox="0 0 240 160" aria-hidden="true"><rect width="240" height="160" fill="${sky}"/><g fill="${cloud}"><circle cx="48" cy="58" r="22"/><circle cx="78" cy="50" r="28"/><circle cx="108" cy="60" r="20"/><rect x="30" y="58" width="94" height="22" rx="11"/><circle cx="190" cy="100" r="16"/><circle cx="210" cy="104" r="12"/><rect x="172" y="102" width="54" height="14" rx="7"/></g><path d="M96 60h56l8 84H88z" fill="${bag}"/><path d="M96 60h56l-3-14H99z" fill="${bag}" opacity=".75"/><ellipse cx="124" cy="104" rx="15" ry="20" fill="${sky}" transform="rotate(24 124 104)"/><path d="M117 88q12 16 14 32" fill="none" stroke="${bag}" stroke-width="3"/></svg>`;
};

export const heroArt = `<svg class="hero-art" viewBox="0 0 420 320" aria-hidden="true"><g class="cloud"><circle cx="120" cy="90" r="46"/><circle cx="190" cy="72" r="60"/><circle cx="262" cy="92" r="48"/><rect x="76" y="88" width="236" height="50" rx="25"/></g><g class="steam" fill="none" stroke-width="8" stroke-linecap="round"><path d="M170 176q-16-18 0-36t0-34"/><path d="M206 176q-16-18 0-36t0-34"/></g><path class="cup" d="M110 186h164v40a64 64 0 0 1-64 64h-36a64 64 0 0 1-64-64z"/><path class="handle" d="M274 200h18a26 26 0 0 1 0 52h-24" fill="none" stroke-width="16"/><rect class="cup" x="92" y="298" width="206" height="12" rx="6"/></svg>`;
