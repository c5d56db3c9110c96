/** A browser's last step at a provider: an address to call, or a form that its page sends there. */
export interface Return {
  readonly url: string;
  /** The fields of the form, with `response_mode=form_post`. */
  readonly form?: Readonly<Record<string, string>>;
}

/** What somebody says on the way: their subject, and whether they deny what is asked for. */
export interface Answers {
  readonly subject: string;
  readonly deny?: "login" | "consent";
}

/** A browser without scripts that somebody walks through a provider with; the provider knows it again. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  /** Goes to an address of the provider, says what its pages ask for, and ends where it leads back. */
  async walk(start: string, answers: Answers): Promise<Return> {
    const { origin } = new URL(start);
    let next = await this.#load(start);
    for (let steps = 0; steps < 20; steps++) {
      const { location, page, at } = next;
      if (location !== undefined) {
        const url = new URL(location, at);
        if (url.origin !== origin) return { url: url.href };
        next = await this.#load(url.href);
        continue;
      }
      const form = formOn(page, at);
      if (form && new URL(form.action).origin !== origin) return { url: form.action, form: form.fields };
      if (!form) throw new Error(`the provider shows no form at ${at}: ${page.slice(0, 500)}`);
      next = await this.#load(form.action, { ...form.fields, ...said(page, answers) });
    }
    throw new Error("the provider leads around in circles");
  }

  async #load(at: string, form?: Readonly<Record<string, string>>) {
    const answer = await fetch(at, {
      redirect: "manual",
      headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value && !/expires=Thu, 01 Jan 1970/i.test(line)) this.#cookies.set(name!, value);
      else this.#cookies.delete(name!);
    }
    return { at, page: await answer.text(), location: answer.headers.get("location") ?? undefined };
  }
}

function formOn(page: string, at: string): { action: string; fields: Record<string, string> } | undefined {
  const form = /<form([^>]*)>/i.exec(page);
  if (!form) return undefined;
  const fields: Record<string, string> = {};
  for (const [tag] of page.matchAll(/<input [^>]*type="hidden"[^>]*>/gi))
    fields[attribute(tag, "name")] = attribute(tag, "value");
  return { action: new URL(attribute(form[1]!, "action") || at, at).href, fields };
}

const attribute = (tag: string, name: string): string =>
  (new RegExp(`\\b${name}="([^"]*)"`, "i").exec(tag)?.[1] ?? "")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

function said(page: string, { subject, deny }: Answers): Record<string, string> {
  const on = page.includes('id="sign-in"') ? "login" : "consent";
  return { ...(on === "login" && { subject }), answer: deny === on ? "deny" : "allow" };
}
