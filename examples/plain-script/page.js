// Calls made before the chat has loaded wait in `q`.
window.Continuo ??= (...call) => {
  window.Continuo.q ??= [];
  window.Continuo.q.push(call);
};
window.Continuo('on', 'unread', (count) => {
  document.title = count > 0 ? `(${count}) Nimbus Coffee` : 'Nimbus Coffee';
});
document.querySelector('#ask').addEventListener('click', () => window.Continuo('open'));
