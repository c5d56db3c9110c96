/** That something is not as it was: `subject` is the id of a session, an account or a tenant. */
export interface Invalidation {
  readonly id: string;
  /** Whose it is. */
  readonly nid: string;
  readonly subject: string;
}

/** A holder who was asked to look, and the number of that question. */
export interface Asked {
  readonly id: string;
  readonly asked: number;
}

/** What a holder finds: the number of the last question and of the last answer of its own, and what was invalidated. */
export interface Sight {
  readonly asked: number;
  readonly answered: number;
  readonly invalidations: readonly Invalidation[];
}

/** What the protocol of leases asks of a database. Each is one statement of its own, unless said otherwise. */
export interface LeaseStore {
  /** Enters a holder, who was never asked anything. */
  join(id: string): Promise<void>;
  /** What there is for a holder, as of one moment; undefined where the holder is not entered (any more). */
  look(id: string): Promise<Sight | undefined>;
  /** Notes that a holder has done what it was asked. False where it is not entered any more. */
  answer(id: string, asked: number): Promise<boolean>;
  leave(id: string): Promise<void>;
  /** Whether no transaction is under way, as of one moment, that keeps waiting whoever enters (`Gate`). */
  isClear(): Promise<boolean>;
  /** Asks all holders but one to look, and says who has yet to answer. */
  ask(except: string | undefined): Promise<Asked[]>;
  /** Which of those who were asked have yet to answer. Who is not entered any more has not. */
  unanswered(asked: readonly Asked[]): Promise<Asked[]>;
  /** Strikes out a holder, unless it has answered. */
  expel(holder: Asked): Promise<void>;
  /** Clears invalidations away. */
  forget(invalidations: readonly Invalidation[]): Promise<void>;
  /** Tells those who listen that there is something to look at. It may get lost. */
  tell(news: News): void;
  /** Hears what is told. */
  hear(news: News, ring: () => void): void;
  /** Whether what is told would be heard. */
  hears(): boolean;
  /** Hears nothing any more, until somebody enters. */
  close(): Promise<void>;
}

/** What a transaction that changes something asks about those who hold leases. */
export interface Gate {
  /** Has those who enter from now on wait for the end of the transaction before their lease counts. */
  shut(): Promise<void>;
  /** Whether anybody but one is entered, as of a moment after it was asked. */
  isAnybodyBut(id: string | undefined): Promise<boolean>;
}

/** What is told. */
export type News = "asked" | "answered";
