import type { Mail, Wording } from "./message.ts";
import { loadTemplate } from "./own-templates.ts";
import type { TemplateSource } from "./own-templates.ts";
import { templateFields } from "./template-fields.ts";
import { templatePlace } from "./template-places.ts";
import type { Part, TemplatePlace } from "./template-places.ts";
import { emailAsHtml } from "./built-in/email-html.ts";
import { emailAsText } from "./built-in/email.ts";
import { builtInEmail } from "./built-in/email-templates.ts";
import { builtInSms } from "./built-in/sms-templates.ts";

/** What a message says: by the operator's templates, and where there are none in our own words. */
export async function renderMail(source: TemplateSource, mail: Mail): Promise<Wording> {
  const own = async (part: Part, standard: () => string): Promise<string> => {
    const place = templatePlace(source.config.courier, mail.templateType, part, mail.data.locale);
    return (place && (await byTemplate(source, place, mail))) ?? standard();
  };
  if (mail.channel === "sms") return { subject: "", text: await own("sms", () => builtInSms(mail)), html: null };
  const email = builtInEmail(mail);
  return {
    subject: await own("subject", () => email.subject),
    text: await own("text", () => emailAsText(email)),
    html: await own("html", () => emailAsHtml(email)),
  };
}

/** A part by the operator's template. Undefined where that fails: people wait for the message, and whether one of them has an account must not show. */
async function byTemplate(source: TemplateSource, place: TemplatePlace, mail: Mail): Promise<string | undefined> {
  try {
    return (await loadTemplate(place, source)).execute(templateFields(mail));
  } catch (error) {
    source.log.error("a template cannot be used, the built-in text goes out in its place", {
      template: place.name,
      reason: withoutData(String(error), mail),
    });
    return undefined;
  }
}

/** What went wrong, without what is the recipient's alone to know. */
function withoutData(reason: string, { recipient, data }: Mail): string {
  const texts = Object.values(data).filter((value): value is string => typeof value === "string" && value.length > 3);
  return [recipient, ...texts].reduce((text, one) => text.replaceAll(one, "…"), reason);
}
