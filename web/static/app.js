// What a page can do beyond links and forms. Everything here is an addition: without it the pages work all the same.

// A button with data-copy copies its text, and says so.
document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-copy]')
  if (!button) return
  await navigator.clipboard.writeText(button.dataset.copy)
  const before = button.textContent
  button.textContent = button.dataset.copied
  setTimeout(() => { button.textContent = before }, 2000)
})
if (navigator.clipboard) document.querySelectorAll('button[data-copy]').forEach((b) => { b.hidden = false })
