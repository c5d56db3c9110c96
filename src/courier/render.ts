import type { Mail, Wording } from "./message.ts";
import { loadTemplate } from "./own-templates.ts";
import type { TemplateSource } from "./own-templates.ts";
import { templateFields } from "./template-fields.ts";
import { templatePlace } from "./template-places.ts";
import type { Part } from "./template-places.ts";
import { letterAsHtml } from "./texts/letter-html.ts";
import { letterAsText } from "./texts/letter.ts";
import { letterOf } from "./texts/letters.ts";
import { smsText } from "./texts/sms.ts";

/** What a message says: by the operator's templates, and where there are none in our own words. */
export async function renderMail(source: TemplateSource, mail: Mail): Promise<Wording> {
  const own = async (part: Part, standard: () => string): Promise<string> => {
    const place = templatePlace(source.config.courier, mail.templateType, part);
    return place ? (await loadTemplate(place, source)).render(templateFields(mail)) : standard();
  };
  if (mail.channel === "sms") return { subject: "", text: await own("sms", () => smsText(mail)), html: null };
  const letter = letterOf(mail);
  return {
    subject: await own("subject", () => letter.subject),
    text: await own("text", () => letterAsText(letter)),
    html: await own("html", () => letterAsHtml(letter)),
  };
}
