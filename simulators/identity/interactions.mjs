// The page on which a visitor picks an invented person instead of holding a card to the phone.
import { BEHAVIOURS, accountId } from "./misbehaviour.mjs";
import { escape, sendPage } from "./pages.mjs";
import { SIGNING_BEHAVIOURS, agree, describeTransaction } from "./signing.mjs";

export async function interact(request, response, service) {
  let details;
  try {
    details = await service.provider.interactionDetails(request, response);
  } catch {
    return sendPage(response, 400, "続けられません", "<p>時間がたったか、別の画面で進めています。元の画面からやり直してください。</p>");
  }
  if (request.method === "POST") return finish(request, response, service, details);
  return sendPage(response, 200, service.title, form(service, details.params.sign_transaction_id));
}

async function finish(request, response, service, { params }) {
  const fields = new URLSearchParams(await body(request));
  const person = service.people.find((one) => one.id === fields.get("person"));
  const behaviour = fields.get("behaviour") ?? "";
  let result;
  if (fields.get("answer") !== "yes" || !person) {
    result = { error: "access_denied", error_description: "the person went back" };
  } else if (behaviour === "server_error") {
    result = { error: "server_error", error_description: "asked to fail" };
  } else {
    const wanted = behaviour in BEHAVIOURS ? behaviour : "";
    if (params.sign_transaction_id) agree(params.sign_transaction_id, person, behaviour);
    result = { login: { accountId: accountId(person.id, wanted), acr: "aal3 crl", amr: ["hwk", "pin"], remember: false } };
  }
  return service.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return text;
}

function form(service, transaction) {
  const options = service.people
    .map(
      (one, place) => `<label class="person"><input type="radio" name="person" value="${escape(one.id)}"${place === 0 ? " checked" : ""}>
        <span><b>${escape(one.label)}</b><br>${escape(one.note)}</span></label>`,
    )
    .join("");
  const choices = { ...BEHAVIOURS, ...(transaction ? SIGNING_BEHAVIOURS : {}) };
  const behaviours = Object.entries(choices)
    .map(([key, label]) => `<option value="${key}">${escape(label)}</option>`)
    .join("");
  const what = transaction ? `<p>${describeTransaction(transaction)}</p>` : "";
  return `<p class="note">これは見本のための模擬の画面です。実在の方の情報は入力できません。</p>${what}
    <form method="post">
      <fieldset><legend>どの人として${transaction ? "署名" : "確認"}しますか</legend>${options}</fieldset>
      <details><summary>わざと誤りを起こす（試験用）</summary>
        <p><label for="behaviour">ふるまい</label><br><select id="behaviour" name="behaviour">${behaviours}</select></p></details>
      <p class="buttons"><button name="answer" value="yes">${transaction ? "署名する" : "確認する"}</button>
      <button class="second" name="answer" value="no">中止する</button></p>
    </form>`;
}
