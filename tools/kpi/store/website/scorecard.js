// The menu of small screens is opened by a label, which no key reaches: a button takes its place.
for (const label of document.querySelectorAll("label.md-header__button[for=__drawer]")) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = `${label.className} scorecard-menu`
  button.append(...label.childNodes)
  button.addEventListener("click", () => document.getElementById("__drawer").click())
  label.replaceWith(button)
}

// Parts of the menu are named by a label without words: they get their own title as a name, and keys pass the label over.
for (const part of document.querySelectorAll("nav[aria-labelledby]")) {
  part.ariaLabel = part.querySelector(".md-nav__title").textContent.trim()
  part.removeAttribute("aria-labelledby")
}
for (const label of document.querySelectorAll(".md-nav__container > label")) label.tabIndex = -1
