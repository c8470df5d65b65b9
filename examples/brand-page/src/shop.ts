const basket = document.querySelector('#basket');
for (const button of document.querySelectorAll('.add')) {
  button.addEventListener('click', () => {
    if (basket) basket.textContent = String(Number(basket.textContent) + 1);
  });
}
