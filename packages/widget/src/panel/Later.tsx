import type { FunctionComponent, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { loadMoreWords } from '../i18n/load.ts';
import type { Ui, UiProps } from './ui.tsx';

/** A file of `features/`: a component, and its look where it has one of its own. */
interface FeatureModule<Props> {
  default: FunctionComponent<Props>;
  css?: string;
}

/** A component that the first opening does not need. */
export interface Feature<Props> {
  /** Loads it, once; a failure is forgotten, so that the next call tries again. */
  fetch(ui: Ui): Promise<void>;
  /** The component, once it is there, with its look in the widget's. */
  get(ui: Ui): FunctionComponent<Props> | undefined;
}

/**
 * Names a component that is loaded when it is first drawn, or fetched ahead of that.
 *
 * @example const search = feature(() => import('../features/search/Search.tsx'));
 */
export const feature = <Props extends UiProps>(load: () => Promise<FeatureModule<Props>>): Feature<Props> => {
  let part: FunctionComponent<Props> | undefined;
  let sheet: CSSStyleSheet | undefined;
  let fetching: Promise<void> | undefined;

  const bring = async ({ i18n }: Ui) => {
    const [module] = await Promise.all([load(), loadMoreWords(i18n)]);
    if (module.css) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(module.css);
    }
    part = module.default;
  };
  return {
    fetch(ui) {
      fetching ??= bring(ui).catch((error) => {
        fetching = undefined;
        throw error;
      });
      return fetching;
    },
    get({ shell: { root } }) {
      if (sheet && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
      return part;
    },
  };
};

interface LaterProps<Props> {
  of: Feature<Props>;
  props: Props;
  /** Shows this, or nothing, until it is there, and where it could not be loaded. @default false */
  quiet?: boolean | VNode[];
}

/** Draws a {@link feature}, loading it at first; meanwhile it says so, and after a failure it offers to try again. */
export const Later = <Props extends UiProps>({ of, props, quiet }: LaterProps<Props>) => {
  const { ui } = props;
  const Part = of.get(ui);
  const [state, setState] = useState<'loading' | 'there' | 'failed'>('loading');
  useEffect(() => {
    if (state !== 'loading') return undefined;
    let isGone = false;
    of.fetch(ui).then(
      () => isGone || setState('there'),
      () => isGone || setState('failed'),
    );
    return () => {
      isGone = true;
    };
  }, [of, ui, state]);
  if (Part) return <Part {...props} />;
  if (quiet) return <>{quiet}</>;
  return state === 'failed' ? (
    <div class="empty">
      <p>{ui.say('broken')}</p>
      <button type="button" class="small" onClick={() => setState('loading')}>
        {ui.say('retry')}
      </button>
    </div>
  ) : (
    <p class="wait" role="status">
      {ui.say('loadingMore')}
    </p>
  );
};
