// Passkeys with the forms of django-allauth: <form data-webauthn="create|get" data-options="ID of a JSON script">.
const form = document.querySelector("form[data-webauthn]");

function explain(text) {
  const place = document.getElementById("webauthn-message");
  if (!place) return;
  place.textContent = text;
  place.hidden = false;
}

async function credential(kind, options) {
  const publicKey = options.publicKey ?? options;
  if (kind === "create") return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

async function optionsOf(target) {
  const inline = document.getElementById(target.dataset.options ?? "");
  if (inline) return JSON.parse(inline.textContent);
  const answer = await fetch(target.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  const body = await answer.json();
  return body.request_options ?? body.creation_options ?? body;
}

async function run(event) {
  event.preventDefault();
  try {
    const made = await credential(form.dataset.webauthn, await optionsOf(form));
    form.querySelector("[name=credential]").value = JSON.stringify(made);
    form.submit();
  } catch (error) {
    explain(`${form.dataset.failed}（${error.name}）`);
  }
}

if (form && window.PublicKeyCredential?.parseCreationOptionsFromJSON) form.querySelector("[data-start]").addEventListener("click", run);
else if (form) explain(form.dataset.unsupported);
