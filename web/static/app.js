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

// In the review, keys press the buttons of the track that is in focus: data-key says which. j and k go to its neighbours.
const review = document.querySelector('[data-review]')
if (review) {
  const tracks = [...review.querySelectorAll('.doubt')]
  tracks[0]?.focus({ preventScroll: true })
  document.addEventListener('keydown', (event) => {
    const at = tracks.indexOf(document.activeElement?.closest('.doubt'))
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey || event.target.matches('input, textarea, select')) return
    const scope = event.key === 'u' ? document : tracks[at]
    const next = { j: tracks[at + 1], k: tracks[at - 1] }[event.key]
    const button = /^[0-9u]$/.test(event.key) && scope.querySelector(`button[data-key="${event.key}"]`)
    if (!next && !button) return
    event.preventDefault()
    next?.focus()
    if (button) button.click()
  })
}

// The visitor's own server, if they want it to be remembered: kept in their browser and nowhere else, as the address to go
// on at, with {object} for what is to be followed or imported.
const servers = {
  all() { try { return JSON.parse(localStorage.getItem('servers')) ?? {} } catch { return {} } },
  keep(all) { try { localStorage.setItem('servers', JSON.stringify(all)) } catch { /* a browser that keeps nothing */ } },
}

const go = document.querySelector('a[data-go]')
const remember = document.querySelector('[data-remember]')
if (go && remember) {
  const { go: verb, host, object } = go.dataset
  const template = go.href.replace(encodeURIComponent(object), '{object}')
  if (template !== go.href) {
    const box = remember.querySelector('input')
    box.checked = servers.all()[verb]?.template === template
    box.addEventListener('change', () => {
      const { [verb]: _, ...others } = servers.all()
      servers.keep(box.checked ? { ...others, [verb]: { host, template } } : others)
    })
    remember.hidden = false
  }
}

const remembered = document.querySelector('[data-remembered]')
if (remembered) {
  for (const link of remembered.querySelectorAll('a[data-to]')) {
    const { host, template } = servers.all()[link.dataset.to] ?? {}
    if (!/^https?:\/\//.test(template ?? '')) continue
    link.href = template.replace('{object}', encodeURIComponent(remembered.dataset.object))
    link.rel = 'nofollow noreferrer'
    link.textContent = link.dataset.say.replace('{host}', host)
    link.hidden = remembered.hidden = false
  }
  remembered.querySelector('[data-forget]').addEventListener('click', () => {
    servers.keep({})
    remembered.hidden = true
  })
}

// The visitor's own shop, remembered in their browser and nowhere else: its link stands among the first, wherever there are any.
const myShop = {
  get name() { try { return localStorage.getItem('shop') ?? '' } catch { return '' } },
  set name(name) { try { localStorage.setItem('shop', name) } catch { /* a browser that keeps nothing */ } },
}

function offerMyShop(page) {
  page.querySelectorAll('[data-mine]').forEach((item) => item.remove())
  for (const link of page.querySelectorAll('a[data-shop]')) {
    if (link.dataset.shop !== myShop.name) continue
    const mine = link.parentElement.cloneNode(true)
    mine.dataset.mine = ''
    link.closest('details').previousElementSibling.append(mine)
  }
  const choice = page.querySelector('[data-my-shop]')
  if (!choice) return
  choice.hidden = false
  choice.querySelector('select').value = myShop.name
  choice.onchange = ({ target }) => { myShop.name = target.value; offerMyShop(page) }
}
offerMyShop(document)

// Where a track is found is a page of its own. It opens over the list, so that nobody loses their place there.
document.querySelector('ol.tracks')?.addEventListener('click', async (event) => {
  const link = event.target.closest('a')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  const found = await articleAt(link.href).catch(() => null)
  if (found) showOver(found)
  else location.assign(link.href)
})

async function articleAt(address) {
  const answer = await fetch(address)
  return new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('article.found')
}

function showOver(found) {
  const dialog = document.createElement('dialog')
  dialog.setAttribute('aria-labelledby', 'found')
  dialog.append(found)
  offerMyShop(dialog)
  dialog.addEventListener('click', (event) => {
    if (event.target !== dialog && !event.target.closest('[data-close]')) return
    event.preventDefault()
    dialog.close()
  })
  dialog.addEventListener('close', () => dialog.remove())
  document.querySelector('main').append(dialog)
  dialog.showModal()
}

// Progress that moves: an element with data-events hears there how far the work has come. At its end the page is loaded
// anew; also when nobody tells, now and then, as it is without this script.
const step = document.querySelector('[data-events]')
if (step) {
  const events = new EventSource(step.dataset.events)
  const bar = step.querySelector('progress')
  const again = () => { events.close(); location.reload() }
  events.addEventListener('message', ({ data }) => {
    const { done, total, say } = JSON.parse(data)
    if (total) { bar.max = total; bar.value = done } else bar.removeAttribute('value')
    step.querySelector('p').textContent = say
  })
  events.addEventListener('done', again)
  events.addEventListener('error', () => { if (events.readyState === EventSource.CLOSED) setTimeout(again, 5000) })
}
