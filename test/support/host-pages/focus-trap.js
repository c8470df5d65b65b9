// A modal that the library focus-trap keeps the focus in.
import { createFocusTrap } from 'focus-trap';

const modal = document.createElement('div');
modal.role = 'dialog';
modal.ariaModal = 'true';
modal.ariaLabel = 'Payment';
modal.style.cssText = 'position: fixed; top: 40px; left: 40px';
const field = document.createElement('input');
field.id = 'card';
modal.append(field);

const trap = createFocusTrap(modal, { clickOutsideDeactivates: false });
window.openModal = () => {
  document.body.append(modal);
  trap.activate();
};
window.closeModal = () => {
  trap.deactivate();
  modal.remove();
};
window.isModalOpen = () => modal.isConnected && trap.active;
