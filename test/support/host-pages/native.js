// A native modal dialog, moved and cut by its style, and closed by a press beside it.
const dialog = document.createElement('dialog');
const field = document.createElement('input');
field.id = 'card';
dialog.append('Payment', field);
dialog.style.cssText = 'transform: translateX(10px); overflow: hidden; width: 200px; height: 100px';
dialog.addEventListener('click', ({ clientX, clientY }) => {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  if (clientX < left || clientX > right || clientY < top || clientY > bottom) dialog.close();
});
window.openModal = () => {
  document.body.append(dialog);
  dialog.showModal();
};
window.closeModal = () => dialog.close();
window.removeModal = () => dialog.remove();
window.isModalOpen = () => dialog.open;
window.openSecond = () => {
  const second = document.createElement('dialog');
  second.id = 'second';
  second.append('Sure?');
  document.body.append(second);
  second.showModal();
  window.closeSecond = () => second.close();
};
