import type { UiProps } from '../../panel/ui.tsx';
import { Outside } from '../elsewhere/Outside.tsx';
import Actions, { css } from '../message-actions/Actions.tsx';

export { css };

/** What stands below the messages, once there are some. */
const Below = ({ ui }: UiProps) => (
  <>
    <Outside ui={ui} />
    <Actions ui={ui} />
  </>
);

export default Below;
