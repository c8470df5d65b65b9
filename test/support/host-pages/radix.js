// A dialog of Radix: opened by `openModal()`, with a field in it.
import * as Dialog from '@radix-ui/react-dialog';
import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';

const App = () => {
  const [open, setOpen] = useState(false);
  window.openModal = () => setOpen(true);
  window.closeModal = () => setOpen(false);
  window.isModalOpen = () => open;
  return createElement(
    Dialog.Root,
    { open, onOpenChange: setOpen },
    createElement(
      Dialog.Portal,
      null,
      createElement(Dialog.Overlay, { style: { position: 'fixed', inset: 0, background: '#0008' } }),
      createElement(
        Dialog.Content,
        { 'aria-describedby': undefined, style: { position: 'fixed', top: 40, left: 40 } },
        createElement(Dialog.Title, null, 'Payment'),
        createElement('input', { id: 'card', 'aria-label': 'Card' }),
      ),
    ),
  );
};

createRoot(document.body.appendChild(document.createElement('div'))).render(createElement(App));
