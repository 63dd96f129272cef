//! Quick replies in the browser: the sixteen with one click, one changed, one sent from a chat.

use super::desk::Desk;
use super::text;
use serde_json::Value;

fn reply_of(desk: &Desk, shortcut: &str) -> Value {
    let all = desk.appliance.all("/quick-replies");
    all.into_iter().find(|reply| reply["shortcut"] == shortcut).unwrap_or_default()
}

#[test]
fn the_sixteen_come_with_one_click_and_any_of_them_changes() {
    let desk = Desk::open();
    assert!(desk.get("/quick-replies").contains("Aggiungi i sedici"));
    assert_eq!(desk.post("/quick-replies/pack", "").status, 303);
    assert_eq!(desk.appliance.all("/quick-replies").len(), 16);
    let page = desk.get("/quick-replies");
    assert!(page.contains("/iban</a>") && page.contains("Da completare") && !page.contains("Aggiungi i sedici"), "{page}");
    assert_eq!(desk.post("/quick-replies/pack", "").status, 303);
    assert_eq!(desk.appliance.all("/quick-replies").len(), 16, "none comes twice");
    let found = desk.get("/quick-replies?q=bonifico");
    assert!(found.contains("/iban</a>") && !found.contains("/ciao</a>"));

    let path = format!("/quick-replies/{}", reply_of(&desk, "iban")["id"].as_str().unwrap());
    let form = desk.get(&format!("{path}/edit"));
    assert!(form.contains("name=\"ask.iban\"") && form.contains("Il tuo IBAN") && form.contains("[iban]"), "{form}");
    let wrong = desk.post(&path, "shortcut=due+parole&text_it=x");
    assert!(wrong.status == 422 && text(&wrong).contains("una parola sola"), "{}", text(&wrong));
    let taken = desk.post(&path, "shortcut=ciao&text_it=x");
    assert!(taken.status == 422 && text(&taken).contains("/ciao"), "{}", text(&taken));
    let fields = "shortcut=/IBAN&text_it=Ecco:+{{+ask.iban+}}&text_en=Here:+{{+ask.iban+}}&ask.iban=IT60+X";
    assert_eq!(desk.post(&path, fields).status, 303);
    let kept = reply_of(&desk, "iban");
    assert_eq!(kept["text"], serde_json::json!({"it": "Ecco: IT60 X", "en": "Here: IT60 X"}));
    assert_eq!(desk.post(&format!("{path}/copies"), "").status, 303);
    assert_eq!(reply_of(&desk, "iban-2")["text"], kept["text"]);
    assert_eq!(desk.post(&format!("{path}?method=delete"), "").status, 303);
    assert_eq!(reply_of(&desk, "iban"), Value::Null);
}

#[test]
fn a_quick_reply_fills_the_box_of_a_chat_and_is_counted_when_it_is_sent() {
    let desk = Desk::open();
    desk.post("/quick-replies/pack", "");
    let (_, hook) = desk.appliance.simulator("Sim");
    desk.appliance.say(&hook, "anna", "buongiorno");
    let contact = desk.appliance.all("/contacts")[0]["id"].as_str().unwrap().to_owned();
    let (reply, chat) = (reply_of(&desk, "attesa")["id"].as_str().unwrap().to_owned(), format!("/contacts/{contact}"));
    let page = desk.get(&chat);
    assert!(page.contains(&format!("{chat}?reply={reply}#text")) && page.contains("data-shortcut=\"attesa\""), "{page}");
    let page = desk.get(&format!("{chat}?reply={reply}"));
    assert!(page.contains(">Sto controllando: ti rispondo tra [minutes] minuti.</textarea>"), "{page}");
    let unfilled = format!("text=Torno+subito%2C+tra+%5Bminutes%5D+minuti&reply={reply}&key=1");
    let refused = desk.post(&format!("{chat}/messages"), &unfilled);
    assert_eq!((refused.status, desk.appliance.all("/messages?direction=out").len()), (422, 0), "no blank goes to a customer");
    let page = text(&refused);
    assert!(page.contains("Non è partito niente") && page.contains("(minutes)"), "{page}");
    assert!(page.contains(">Torno subito, tra [minutes] minuti</textarea>"), "what was typed is there again: {page}");
    assert_eq!(reply_of(&desk, "attesa")["uses"], 0);
    assert_eq!(desk.post(&format!("{chat}/messages"), &format!("text=Torno+tra+5+minuti&reply={reply}&key=1")).status, 303);
    assert_eq!(reply_of(&desk, "attesa")["uses"], 1);
    assert!(desk.appliance.all("/messages").iter().any(|message| message["text"] == "Torno tra 5 minuti"));
}

#[test]
fn a_file_of_a_quick_reply_is_given_once_and_goes_with_the_message() {
    let desk = Desk::open();
    desk.post("/quick-replies/pack", "");
    let path = format!("/quick-replies/{}", reply_of(&desk, "listino")["id"].as_str().unwrap());
    let form = desk.get(&format!("{path}/edit"));
    assert!(form.contains("name=\"ask.price_list\" type=\"file\"") && form.contains("Il tuo listino in PDF"), "{form}");
    let list = desk.get("/quick-replies?q=listino");
    assert!(list.contains("Da completare"), "{list}");
    let words = [("shortcut", "listino"), ("text_it", "Ecco il listino."), ("text_en", "")];
    let wrong = desk.upload(&path, &words, ("ask.price_list", "prezzi.txt", b"only words"));
    assert!(wrong.status == 422 && text(&wrong).contains("Un messaggio può portare"), "{}", text(&wrong));
    assert_eq!(desk.upload(&path, &words, ("ask.price_list", "prezzi.pdf", b"%PDF-1.7 prezzi")).status, 303);
    assert_eq!(
        desk.upload(&path, &[words[0], words[1], ("attached", "before:0")], ("file", "foto.png", b"\x89PNG\r\n\x1a\n0000")).status,
        303
    );
    let kept = reply_of(&desk, "listino");
    let kinds: Vec<&str> = kept["attachments"].as_array().unwrap().iter().map(|file| file["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["document", "image"], "{kept}");
    assert!(desk.get("/quick-replies?q=listino").contains("con 2 allegati"));

    let (_, hook) = desk.appliance.simulator("Sim");
    desk.appliance.say(&hook, "anna", "buongiorno");
    let contact = desk.appliance.all("/contacts")[0]["id"].as_str().unwrap().to_owned();
    let (reply, chat) = (kept["id"].as_str().unwrap(), format!("/contacts/{contact}"));
    let page = desk.get(&format!("{chat}?reply={reply}"));
    assert!(page.contains(">Ecco il listino.</textarea>") && page.contains("prezzi.pdf") && page.contains("foto.png"), "{page}");
    // The picture is unticked: only the price list goes.
    assert_eq!(desk.post(&format!("{chat}/messages"), &format!("text=Ecco+il+listino.&reply={reply}&file=0&key=1")).status, 303);
    let sent = |message: &Value| message["direction"] == "out";
    let out: Vec<Value> = desk.appliance.all("/messages").into_iter().filter(sent).collect();
    assert_eq!(out.len(), 2, "{out:?}");
    assert_eq!(out[0]["text"], "Ecco il listino.");
    assert_eq!((&out[1]["kind"], &out[1]["media"][0]["name"]), (&Value::from("document"), &Value::from("prezzi.pdf")));
    assert_eq!(reply_of(&desk, "listino")["uses"], 1);
    // Without a tick for what was attached, the form takes it away.
    assert_eq!(desk.post(&path, "shortcut=listino&text_it=Ecco&attached=before:1").status, 303);
    let left = reply_of(&desk, "listino");
    assert_eq!(left["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(left["attachments"][0]["kind"], "image");
}

#[test]
fn a_quick_reply_is_read_as_a_contact_of_the_address_book_reads_it() {
    let desk = Desk::open();
    desk.post("/quick-replies/pack", "");
    let path = format!("/quick-replies/{}/edit", reply_of(&desk, "ciao")["id"].as_str().unwrap());
    desk.appliance.simulator("Sim");
    let people = [("Anna Verdi", "it", "verdi"), ("Anna Brown", "en", "brown"), ("Marco", "de", "m-7654321")];
    let ids: Vec<String> = people
        .iter()
        .map(|(name, language, number)| {
            let contact =
                serde_json::json!({"name": name, "language": language, "addresses": [{"channel_kind": "simulator", "address": number}]});
            desk.appliance.call("POST", "/contacts", &contact).expect(201)["id"].as_str().unwrap().to_owned()
        })
        .collect();
    let nobody = desk.get(&path);
    assert!(nobody.contains("Come lo legge Anna") && nobody.contains("name=\"as\""), "{nobody}");
    let found = desk.get(&format!("{path}?as=anna"));
    assert!(
        found.contains("Ciao Anna Verdi, sono Ada") && !found.contains("Hello Anna"),
        "the first of that name, in her language: {found}"
    );
    assert!(found.contains("Come arriva nella conversazione con Anna Verdi") && found.contains("Anna Brown, brown"), "{found}");
    let other = desk.get(&format!("{path}?contact={}&as=anna", ids[1]));
    assert!(other.contains("<p class=\"pre\" lang=\"en\">Hello Anna Brown, this is Ada"), "{other}");
    let by_number = desk.get(&format!("{path}?as=7654321"));
    assert!(by_number.contains("Ciao Marco"), "who speaks neither reads it in the language of the house: {by_number}");
    let none = desk.get(&format!("{path}?as=Zaira"));
    assert!(none.contains("non c") && none.contains("Zaira") && none.contains("Come lo legge Anna"), "{none}");
    // What the preview shows is what the chat puts into its box.
    let chat = desk.get(&format!("/contacts/{}?reply={}", ids[1], path.split('/').nth(2).unwrap()));
    assert!(chat.contains(">Hello Anna Brown, this is Ada. How can I help you?</textarea>"), "{chat}");
}

#[test]
fn a_blank_of_a_quick_reply_is_checked_as_what_it_asks() {
    let desk = Desk::open();
    desk.post("/quick-replies/pack", "");
    let path = format!("/quick-replies/{}", reply_of(&desk, "paga")["id"].as_str().unwrap());
    let form = desk.get(&format!("{path}/edit"));
    assert!(form.contains("name=\"ask.pay\" type=\"url\""), "{form}");
    let before = reply_of(&desk, "paga")["text"].clone();
    let fields = "shortcut=paga&text_it=Paga:+{{+ask.pay+}}&text_en=Pay:+{{+ask.pay+}}";
    let refused = desk.post(&path, &format!("{fields}&ask.pay=www.paga.it"));
    let page = text(&refused).replace("&#39;", "'");
    assert!(refused.status == 422 && page.contains("Scrivi l'indirizzo intero") && page.contains("value=\"www.paga.it\""), "{page}");
    assert_eq!(reply_of(&desk, "paga")["text"], before, "nothing was saved");
    assert_eq!(desk.post(&path, &format!("{fields}&ask.pay=https://paga.it/io")).status, 303);
    assert_eq!(reply_of(&desk, "paga")["text"], serde_json::json!({"it": "Paga: https://paga.it/io", "en": "Pay: https://paga.it/io"}));
}
