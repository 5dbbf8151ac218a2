// A decision is sent once, however often the button is pressed. Without JavaScript the server sees to it.
const form = document.getElementById("fapi-consent-form");
let sent = false;
form.addEventListener("submit", (event) => {
  if (sent) {
    event.preventDefault();
  }
  sent = true;
});
// Back from somewhere else, the page can be sent again.
window.addEventListener("pageshow", () => (sent = false));

// A logo that cannot be had leaves no gap.
const logo = document.querySelector(".fapi-consent__logo");
const hide = () => (logo.hidden = true);
logo?.addEventListener("error", hide);
if (logo?.complete && logo.naturalWidth === 0) {
  hide();
}
